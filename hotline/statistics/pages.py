"""A municipality's figures, and the overview of all municipalities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import may_see_figures, may_see_the_pool
from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db
from hotline.directory.names import alphabetical, municipality_names, topic_names
from hotline.directory.queries import load
from hotline.errors import NotFound
from hotline.policies import current_policy
from hotline.statistics import queries
from hotline.statistics.measures import Measures, measure
from hotline.statistics.models import COUNTS
from hotline.statistics.queries import Counts, Exchange
from hotline.statistics.spans import Span, Window, intervals, read_day, window
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)


@dataclass(frozen=True)
class Line:
    """One row of a table: a topic's name or an interval's start, its counts and what they come to; `ahead` is what
    has not begun."""

    name: str | datetime
    counts: Counts
    measures: Measures
    ahead: bool = False


@dataclass(frozen=True)
class Partner:
    """Another municipality, the inquiries and the seconds of talk."""

    name: str
    inquiries: int
    talk_seconds: float


@router.get("/municipalities")
def read_municipalities(request: Request, person: Visitor, db: Db, date: str | None = None) -> HTMLResponse:
    """Every member on one day, today where none is named."""
    may_see_the_pool(person)
    shown = window(Span.DAY, read_day(date, danish(now()).date()))
    members = {member.code for member in load(db).members(shown.start)}
    figures = [one for one in queries.overview(db, shown.start, shown.end) if one.code in members]
    figures.sort(key=lambda one: alphabetical(one.name))
    promise = current_policy()
    return page(request, "statistics/municipalities.html", municipalities=figures, shown=shown, promise=promise)


@router.get("/municipalities/{code}/statistics")
def read_statistics(
    request: Request, person: Visitor, db: Db, code: str, span: Span = Span.DAY, date: str | None = None
) -> HTMLResponse:
    """One municipality over a day, week or month."""
    may_see_figures(person, code)
    found = queries.municipality(db, code)
    if found is None:
        raise NotFound
    moment = now()
    today = danish(moment).date()
    shown = window(span, read_day(date, today))
    formula = queries.sl_formula(db, code, shown.start)
    sums = queries.totals(db, code, shown.start, shown.end)
    for_us, for_others = _exchange(db, code, shown)
    return page(
        request,
        "statistics/municipality.html",
        municipality=found,
        shown=shown,
        spans=list(Span),
        earlier=shown.first - timedelta(days=1),
        later=shown.last + timedelta(days=1) if shown.last < today else None,
        after=shown.last + timedelta(days=1),
        promise=current_policy(),
        sums=sums,
        measures=measure(sums, formula),
        rows=rows(db, code, shown, formula, moment),
        topics=topics(db, code, shown, formula, topic_names(db, chosen(request))),
        answered_for_us=for_us,
        we_answered_for=for_others,
    )


def rows(db: Session, code: str, shown: Window, formula: str, moment: datetime) -> list[Line]:
    """One line for each interval of the window; those that begin after `moment` (aware) are told to lie ahead."""
    counted = {one.start: one.counts for one in queries.series(db, code, shown.start, shown.end, shown.grain)}
    nothing: Counts = dict.fromkeys(COUNTS, 0)
    return [
        Line(start, counts := counted.get(start, nothing), measure(counts, formula), ahead=start > moment)
        for start in intervals(shown, counted)
    ]


def topics(db: Session, code: str, shown: Window, formula: str, names: Mapping[str, str]) -> list[Line]:
    """The topics that a column of the table counts anything of, the largest first.

    What was offered yesterday, or under another topic, may be answered today under this one.
    """
    figures = queries.by_topic(db, code, shown.start, shown.end)
    lines = [
        Line(names.get(one.topic or "", "–"), one.counts, measure(one.counts, formula))
        for one in figures
        if any(one.counts[name] for name in ("offered", "answered", "abandoned"))
    ]
    return sorted(lines, key=lambda line: (-line.counts["offered"], str(line.name)))


def _exchange(db: Session, code: str, shown: Window) -> tuple[list[Partner], list[Partner]]:
    """Who answered for this municipality, and for whom it answered; the most first, its own citizens left out."""
    names = municipality_names(db)
    pairs = [pair for pair in queries.exchange(db, shown.start, shown.end, code) if pair.home != pair.answering]

    def partner(pair: Exchange, other: str) -> Partner:
        return Partner(names[other], pair.inquiries, pair.talk_seconds)

    for_us = [partner(pair, pair.answering) for pair in pairs if pair.home == code]
    for_others = [partner(pair, pair.home) for pair in pairs if pair.answering == code]
    return _most_first(for_us), _most_first(for_others)


def _most_first(partners: list[Partner]) -> list[Partner]:
    return sorted(partners, key=lambda one: (-one.inquiries, alphabetical(one.name)))
