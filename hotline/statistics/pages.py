"""A municipality's figures, and the overview of all municipalities, as pages and as spreadsheets."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from hotline.access.guards import may_see_figures, may_see_the_pool
from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db
from hotline.directory.models import LEADS, Municipality, Person
from hotline.directory.names import alphabetical, topic_names
from hotline.directory.queries import load
from hotline.errors import NotFound
from hotline.inquiries.models import Channel
from hotline.statistics import about, promises, queries
from hotline.statistics.measures import SERVICE_LEVELS, Share, average_wait_seconds, measure
from hotline.statistics.middle import middle_of_others
from hotline.statistics.models import COUNTS
from hotline.statistics.queries import Counts
from hotline.statistics.reports import reports
from hotline.statistics.sheets import XLSX, workbook
from hotline.statistics.shown import give_and_get, over_time, topics
from hotline.statistics.spans import SPANS, Span, Window, asked_window
from hotline.statistics.tables import Column, Kind, Row, Table, in_order
from hotline.statistics.view import View, beside, is_counted, tenths
from hotline.web.formats import Formats
from hotline.web.language import chosen, translator
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

Day = str | None
In = Annotated[Channel | None, Query(alias="channel")]


@router.get("/municipalities")
def read_municipalities(
    request: Request, person: Visitor, db: Db, span: Span = Span.DAY, date: Day = None, first: Day = None,
    last: Day = None, channel: In = None, sort: str = "",
) -> HTMLResponse:  # fmt: skip
    """Every member over a period, today where none is named, by name or by a column."""
    may_see_the_pool(person)
    shown = _shown(span, date, first, last)
    table = in_order(_municipalities(db, shown, channel), sort)
    return page(request, "statistics/municipalities.html", table=table, **_of_all(request, shown, channel))


@router.get("/municipalities.xlsx")
def read_municipalities_as_sheet(
    request: Request, person: Visitor, db: Db, span: Span = Span.DAY, date: Day = None, first: Day = None,
    last: Day = None, channel: In = None,
) -> Response:  # fmt: skip
    """The same table as a spreadsheet."""
    may_see_the_pool(person)
    shown = _shown(span, date, first, last)
    lines = about.lines(translator(chosen(request)), chosen(request), None, shown, channel, _formulas(db, shown))
    return _sheet(request, [_municipalities(db, shown, channel)], lines, "hotline", shown)


@router.get("/municipalities/{code}/statistics")
def read_statistics(
    request: Request, person: Visitor, db: Db, code: str, span: Span = Span.WEEK, date: Day = None, first: Day = None,
    last: Day = None, channel: In = None,
) -> HTMLResponse:  # fmt: skip
    """One municipality over a period, this week where none is named."""
    view, found = _view(db, person, code, _shown(span, date, first, last), channel)
    sums, earlier = view.sums(), view.before()
    share, former = view.service_level(sums), view.service_level(earlier)
    return page(
        request,
        "statistics/municipality.html",
        municipality=found,
        is_own=person.municipality == code,
        before=view.shown.before,
        is_over=view.is_over,
        is_known=is_counted(sums) or not view.is_over,
        was_known=is_counted(earlier),
        sums=sums,
        earlier=earlier,
        share=share,
        former=former,
        target=promises.sl_target(db, code, view.shown.start),
        tenths=tenths(share),
        beside=beside(share, former),
        measures=measure(sums, view.formula),
        formulas={letter: formula(sums) for letter, formula in SERVICE_LEVELS.items()},
        waits=view.waits(),
        reports=reports(db, code),
        middle=middle_of_others(view, load(db)),
        trace=view.trace if view.is_traceable else None,
        **_tables(request, view),
        **_of_all(request, view.shown, channel),
    )


@router.get("/municipalities/{code}/statistics.xlsx")
def read_statistics_as_sheet(
    request: Request, person: Visitor, db: Db, code: str, span: Span = Span.WEEK, date: Day = None, first: Day = None,
    last: Day = None, channel: In = None,
) -> Response:  # fmt: skip
    """The page's tables as a spreadsheet."""
    view, found = _view(db, person, code, _shown(span, date, first, last), channel)
    t = translator(chosen(request))
    lines = about.lines(t, chosen(request), found.name, view.shown, channel, [view.formula])
    return _sheet(request, list(_tables(request, view).values()), lines, f"hotline-{code}", view.shown)


def _shown(span: Span, date: Day, first: Day, last: Day) -> Window:
    return asked_window(span, date, first, last, danish(now()).date())


def _view(db: Session, person: Person, code: str, shown: Window, channel: Channel | None) -> tuple[View, Municipality]:
    may_see_figures(person, code)
    found = queries.municipality(db, code)
    if found is None:
        raise NotFound
    formula = promises.sl_formula(db, code, shown.start)
    return View(db, code, shown, now(), formula, channel, is_traceable=person.role in LEADS), found


def _tables(request: Request, view: View) -> dict[str, Any]:
    return {
        "rows": over_time(view, load(view.db)),
        "topics": topics(view, topic_names(view.db, chosen(request))),
        "exchange": give_and_get(view),
    }


def _of_all(request: Request, shown: Window, channel: Channel | None) -> dict[str, Any]:
    """What every page of figures has: the period, where it leads to, and the promise."""
    today = danish(now()).date()
    return {
        "shown": shown,
        "spans": SPANS,
        "later": shown.after if shown.last < today else None,
        "next_day": shown.last + timedelta(days=1),
        "today": today,
        "channel": channel,
        "channels": list(Channel),
        "promise": about.promise(translator(chosen(request)), Formats(chosen(request))),
    }


def _municipalities(db: Session, shown: Window, channel: Channel | None) -> Table:
    """The members on the first or the last day of the period, and the sum of them; each by its own formula."""
    directory = load(db)
    members = {member.code for moment in (shown.start, shown.end) for member in directory.members(moment)}
    figures = [one for one in queries.overview(db, shown.start, shown.end, channel) if one.code in members]
    names = ("offered", "answered", "abandoned", "answered_by_others", "answered_for_others")
    shares = [SERVICE_LEVELS[one.measures.sl_formula](one.counts) for one in figures]
    rows = [
        Row(
            [one.name, *(one.counts[name] for name in names), share, one.measures.average_wait_seconds],
            link=f"/municipalities/{one.code}/statistics?{shown.query}",
        )
        for one, share in zip(figures, shares, strict=True)
    ]
    rows.sort(key=lambda row: alphabetical(str(row.cells[0])))
    whole: Counts = {name: sum(one.counts[name] for one in figures) for name in COUNTS}
    share = Share(sum(one.part for one in shares), sum(one.whole for one in shares))
    sums = Row([None, *(whole[name] for name in names), share, average_wait_seconds(whole)], is_sum=True)
    last = [Column("in_target", Kind.SHARE), Column("asa_short", Kind.DURATION)]
    return Table("municipality", [Column("municipality", Kind.WORDS), *map(Column, names), *last], [sums, *rows])


def _formulas(db: Session, shown: Window) -> list[str]:
    return sorted({one.measures.sl_formula for one in queries.overview(db, shown.start, shown.end)})


def _sheet(request: Request, tables: list[Table], lines: list[str], name: str, shown: Window) -> Response:
    """A file whose name says its period."""
    disposition = f'attachment; filename="{name}-{shown.first}--{shown.last}.xlsx"'
    book = workbook(tables, lines, translator(chosen(request)))
    return Response(book, media_type=XLSX, headers={"Content-Disposition": disposition})
