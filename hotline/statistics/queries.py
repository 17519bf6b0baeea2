"""Reads the sums: rows and series of a period, totals, topics, municipalities, and who answered for whom.

Everywhere `start` and `end` are aware moments and the quarters of an hour that begin from `start` on and before `end`
are counted; `code` is a municipality, or None for all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from hotline.clock import DANISH_TIME, danish
from hotline.directory.models import Collaboration, Membership, Municipality
from hotline.statistics.measures import DEFAULT_FORMULA, Measures, measure
from hotline.statistics.models import COUNTS, SECONDS, ExchangeSum, IntervalSum, table_of
from hotline.statistics.spans import Grain

EXCHANGE, MUNICIPALITY = table_of(ExchangeSum), table_of(Municipality)
Counts = dict[str, float]


@dataclass(frozen=True)
class Row:
    """The counts of one interval, topic (None where there was none) and channel; `start` is in Danish time."""

    start: datetime
    topic: str | None
    channel: str
    counts: Counts


@dataclass(frozen=True)
class Point:
    """The counts of one interval; `start` is in Danish time."""

    start: datetime
    counts: Counts


@dataclass(frozen=True)
class TopicFigures:
    """The counts of one topic, None for inquiries that had none."""

    topic: str | None
    counts: Counts


@dataclass(frozen=True)
class MunicipalityFigures:
    """One municipality's counts and what they come to by the formula of its collaboration."""

    code: str
    name: str
    counts: Counts
    measures: Measures


@dataclass(frozen=True)
class Exchange:
    """What agents of `answering` did for citizens of `home`; the two are the same for a municipality's own citizens."""

    home: str
    answering: str
    inquiries: int
    talk_seconds: float


def municipality_rows(session: Session, code: str, start: datetime, end: datetime, interval: Grain) -> list[Row]:
    """Every row of the period that counted something, by start, topic and channel.

    Days are Danish days, so one has 23 hours and one 25; a first or last row that reaches out of the period holds
    only what lies within.
    """
    begun = _begun(interval)
    found = _sums(session, [begun, IntervalSum.c.topic, IntervalSum.c.channel], _within(code, start, end))
    return [Row(danish(row[0]), row[1] or None, row[2], _counts(row)) for row in found]


def series(session: Session, code: str | None, start: datetime, end: datetime, interval: Grain) -> list[Point]:
    """The counts by interval, oldest first; intervals in which nothing was counted are left out."""
    found = _sums(session, [_begun(interval)], _within(code, start, end))
    return [Point(danish(row[0]), _counts(row)) for row in found]


def by_topic(session: Session, code: str | None, start: datetime, end: datetime) -> list[TopicFigures]:
    """The counts by topic, in the order of their slugs."""
    found = _sums(session, [IntervalSum.c.topic], _within(code, start, end))
    return [TopicFigures(row[0] or None, _counts(row)) for row in found]


def totals(session: Session, code: str | None, start: datetime, end: datetime) -> Counts:
    """The counts of the whole period; all of them 0 where nothing happened."""
    [row] = _sums(session, [], _within(code, start, end))
    return _counts(row)


def overview(session: Session, start: datetime, end: datetime) -> list[MunicipalityFigures]:
    """Every municipality with its figures, by code; those where nothing happened too."""
    m = MUNICIPALITY.c
    within = sa.and_(*_within(None, start, end), IntervalSum.c.municipality == m.code)
    each = sa.select(m.code, m.name, _formula_of(m.code, start), *_summed()).join_from(
        MUNICIPALITY, IntervalSum, within, isouter=True
    )
    found = session.execute(each.group_by(m.code).order_by(m.code)).all()
    return [MunicipalityFigures(row[0], row[1], counts := _counts(row), measure(counts, row[2])) for row in found]


def exchange(session: Session, start: datetime, end: datetime, only: str | None = None) -> list[Exchange]:
    """Who answered for whom, by home and answering municipality; with `only` what names this municipality."""
    t = EXCHANGE.c
    pairs = sa.select(t.home, t.answering, sa.func.sum(t.inquiries), sa.func.sum(t.talk_seconds)).where(
        t.start >= start, t.start < end
    )
    if only is not None:
        pairs = pairs.where(sa.or_(t.home == only, t.answering == only))
    found = session.execute(pairs.group_by(t.home, t.answering).order_by(t.home, t.answering))
    return [Exchange(home, answering, int(count), float(talk)) for home, answering, count, talk in found]


def sl_formula(session: Session, code: str, at: datetime) -> str:
    """The letter of the service-level formula of the collaboration that this municipality is in at that moment.

    In several, the oldest membership decides; in none, the default does.
    """
    return str(session.execute(sa.select(_formula_of(sa.literal(code), at))).scalar_one())


def municipality(session: Session, code: str) -> Municipality | None:
    """The municipality of this code, if there is one."""
    return session.get(Municipality, code) if code.isascii() and code.isdigit() else None


def _sums(session: Session, group: Sequence[Any], where: Sequence[Any]) -> Sequence[Any]:
    found = sa.select(*group, *_summed()).select_from(IntervalSum).where(*where)
    return session.execute(found.group_by(*group).order_by(*group)).all()


def _summed() -> list[Any]:
    return [sa.func.coalesce(sa.func.sum(IntervalSum.c[name]), 0).label(name) for name in COUNTS]


def _counts(row: Any) -> Counts:
    return {name: float(row._mapping[name]) if name in SECONDS else int(row._mapping[name]) for name in COUNTS}


def _within(code: str | None, start: datetime, end: datetime) -> list[Any]:
    period = [IntervalSum.c.start >= start, IntervalSum.c.start < end]
    return period if code is None else [IntervalSum.c.municipality == code, *period]


def _begun(interval: Grain) -> Any:
    """The start of the interval that a row belongs to. Hours are cut in UTC, where the hour that a Danish autumn night
    has twice stays two; Danish time is always whole hours away."""
    if interval == Grain.QUARTER:
        return IntervalSum.c.start
    unit, zone = ("day", str(DANISH_TIME)) if interval == Grain.DAY else ("hour", "UTC")
    # Literal, for PostgreSQL groups by an expression only where its text is the very same.
    return sa.func.date_trunc(sa.literal_column(f"'{unit}'"), IntervalSum.c.start, sa.literal_column(f"'{zone}'"))


def _formula_of(code: Any, at: datetime) -> Any:
    day = danish(at).date()
    m, c = table_of(Membership).c, table_of(Collaboration).c
    member = sa.and_(m.municipality == code, m.joined <= day, sa.or_(m.left_on.is_(None), m.left_on > day))
    of_collaboration = (
        sa.select(c.sl_formula)
        .where(c.id == m.collaboration_id, member)
        .order_by(m.joined, c.id)
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(of_collaboration, DEFAULT_FORMULA)
