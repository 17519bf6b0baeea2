"""Reads the sums: rows and series of a period, totals, topics, municipalities, and who answered for whom.

Everywhere `start` and `end` are aware moments and the quarters of an hour that begin from `start` on and before `end`
are counted, by whole days, months and years where they fit (ladder.py); `code` is a municipality and `channel` one
channel, or None for all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from hotline.clock import DANISH_TIME, danish
from hotline.directory.models import Municipality
from hotline.statistics.ladder import Rung, Step, steps
from hotline.statistics.measures import Measures, measure
from hotline.statistics.models import (
    ALL_TOPICS_KEYS,
    COUNTS,
    EXCHANGED,
    INTERVAL_KEYS,
    AllTopicsSum,
    ExchangeSum,
    IntervalSum,
    LongExchangeSum,
    LongSum,
    WaitSum,
    table_of,
)
from hotline.statistics.promises import formula_of
from hotline.statistics.spans import Grain

MUNICIPALITY = table_of(Municipality)
Counts = dict[str, float]

# Which whole ones may be read where intervals are told apart; none where they are hours or less.
WITHIN = {Grain.DAY: (Rung.DAY,), Grain.WEEK: (Rung.DAY,), Grain.MONTH: (Rung.MONTH, Rung.DAY)}
# What a row's start is cut down to.
UNITS = {Grain.HOUR: "hour", Grain.DAY: "day", Grain.WEEK: "week", Grain.MONTH: "month"}


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
    """What agents of `answering` did for citizens of `home`; the two are the same for a municipality's own citizens.

    `answered` are first answers, `inquiries` those that ended in their hands, the seconds what all of it took.
    """

    home: str
    answering: str
    answered: int
    inquiries: int
    talk_seconds: float
    wrap_seconds: float


def municipality_rows(session: Session, code: str, start: datetime, end: datetime, interval: Grain) -> list[Row]:
    """Every row of the period that counted something, by start, topic and channel.

    Days are Danish days, so one has 23 hours and one 25; a first or last row that reaches out of the period holds
    only what lies within.
    """
    some = _some(code, start, end, None, interval, topics=True)
    found = _sums(session, some, _begun(some, interval), some.c.topic, some.c.channel)
    return [Row(danish(row[0]), row[1] or None, row[2], _counts(row)) for row in found]


def series(
    session: Session, code: str | None, start: datetime, end: datetime, interval: Grain, channel: str | None = None
) -> list[Point]:
    """The counts by interval, oldest first; intervals in which nothing was counted are left out."""
    some = _some(code, start, end, channel, interval)
    return [Point(danish(row[0]), _counts(row)) for row in _sums(session, some, _begun(some, interval))]


def by_topic(
    session: Session, code: str | None, start: datetime, end: datetime, channel: str | None = None
) -> list[TopicFigures]:
    """The counts by topic, in the order of their slugs."""
    some = _some(code, start, end, channel, topics=True)
    return [TopicFigures(row[0] or None, _counts(row)) for row in _sums(session, some, some.c.topic)]


def by_channel(session: Session, code: str | None, start: datetime, end: datetime) -> dict[str, Counts]:
    """The counts by channel, of those in which anything was counted."""
    some = _some(code, start, end)
    return {row[0]: _counts(row) for row in _sums(session, some, some.c.channel)}


def totals(session: Session, code: str | None, start: datetime, end: datetime, channel: str | None = None) -> Counts:
    """The counts of the whole period; all of them 0 where nothing happened."""
    [row] = _sums(session, _some(code, start, end, channel))
    return _counts(row)


def waits(
    session: Session, code: str | None, start: datetime, end: datetime, channel: str | None = None
) -> dict[int, int] | None:
    """How many waited how long, by bucket (waits.py); None unless the period is of whole Danish days."""
    parts = steps(start, end)
    if any(part.rung is None for part in parts):
        return None
    w = WaitSum.c
    each = [sa.select(w.bucket, w.waited).where(*_within(WaitSum, part, code, channel)) for part in parts]
    some = sa.union_all(*each).subquery()
    found = session.execute(sa.select(some.c.bucket, sa.func.sum(some.c.waited)).group_by(some.c.bucket))
    return {bucket: int(waited) for bucket, waited in found}


def by_municipality(session: Session, start: datetime, end: datetime, channel: str | None = None) -> dict[str, Counts]:
    """The counts by municipality, of those in which anything was counted."""
    some = _some(None, start, end, channel)
    return {row[0]: _counts(row) for row in _sums(session, some, some.c.municipality)}


def overview(session: Session, start: datetime, end: datetime, channel: str | None = None) -> list[MunicipalityFigures]:
    """Every municipality with its figures, by code; those where nothing happened too."""
    m, counted = MUNICIPALITY.c, by_municipality(session, start, end, channel)
    nothing: Counts = dict.fromkeys(COUNTS, 0)
    each = session.execute(sa.select(m.code, m.name, formula_of(m.code, start)).order_by(m.code))
    return [
        MunicipalityFigures(code, name, counts := counted.get(code, nothing), measure(counts, formula))
        for code, name, formula in each
    ]


def exchange(session: Session, start: datetime, end: datetime, only: str | None = None) -> list[Exchange]:
    """Who answered for whom, by home and answering municipality; with `only` what names this municipality."""
    each = []
    for part in steps(start, end):
        table = ExchangeSum if part.rung is None else LongExchangeSum
        c = table.c
        mine = [] if only is None else [sa.or_(c.home == only, c.answering == only)]
        each.append(sa.select(c.home, c.answering, *(c[name] for name in EXCHANGED)).where(*_part(table, part), *mine))
    some = sa.union_all(*each).subquery()
    pair, counts = (some.c.home, some.c.answering), [sa.func.sum(some.c[name]) for name in EXCHANGED]
    found = session.execute(sa.select(*pair, *counts).group_by(*pair).order_by(*pair))
    return [Exchange(row[0], row[1], int(row[2]), int(row[3]), float(row[4]), float(row[5])) for row in found]


def municipality(session: Session, code: str) -> Municipality | None:
    """The municipality of this code, if there is one."""
    return session.get(Municipality, code) if code.isascii() and code.isdigit() else None


def _some(
    code: str | None,
    start: datetime,
    end: datetime,
    channel: str | None = None,
    interval: Grain | None = None,
    topics: bool = False,
) -> sa.Subquery:
    """The rows that the period is made of, with their topics or without: of whole ones as long as they may be, lest
    intervals run into each other."""
    each, long = [], LongSum if topics else AllTopicsSum
    keys = INTERVAL_KEYS if topics else ALL_TOPICS_KEYS
    for part in steps(start, end, tuple(Rung) if interval is None else WITHIN.get(interval, ())):
        table = IntervalSum if part.rung is None else long
        columns = [table.c[name] for name in (*keys, *COUNTS)]
        each.append(sa.select(*columns).where(*_within(table, part, code, channel)))
    return sa.union_all(*each).subquery()


def _within(table: sa.Table, part: Step, code: str | None, channel: str | None) -> list[Any]:
    found = _part(table, part)
    if code is not None:
        found.append(table.c.municipality == code)
    if channel is not None:
        found.append(table.c.channel == channel)
    return found


def _part(table: sa.Table, part: Step) -> list[Any]:
    found = [table.c.start >= part.start, table.c.start < part.end]
    return found if part.rung is None else [table.c.rung == str(part.rung), *found]


def _sums(session: Session, some: sa.Subquery, *group: Any) -> Sequence[Any]:
    nought: Any = sa.literal_column("0")
    summed = (sa.cast(sa.func.coalesce(sa.func.sum(some.c[name]), nought), some.c[name].type) for name in COUNTS)
    return session.execute(sa.select(*group, *summed).group_by(*group).order_by(*group)).all()


def _counts(row: Any) -> Counts:
    return dict(zip(COUNTS, row[-len(COUNTS) :], strict=True))


def _begun(some: sa.Subquery, interval: Grain) -> Any:
    """The start of the interval that a row belongs to. Hours are cut in UTC, where the hour that a Danish autumn night
    has twice stays two; Danish time is always whole hours away."""
    if interval == Grain.QUARTER:
        return some.c.start
    zone = "UTC" if interval == Grain.HOUR else str(DANISH_TIME)
    # Literal, for PostgreSQL groups by an expression only where its text is the very same.
    literal: list[Any] = [sa.literal_column(f"'{word}'") for word in (UNITS[interval], zone)]
    return sa.func.date_trunc(literal[0], some.c.start, literal[1])
