"""A municipality's month as its council reads it: the page's words and tables in Danish, set as an accessible PDF."""

import html
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hotline.directory.models import Municipality
from hotline.directory.names import topic_names
from hotline.directory.snapshot import Directory
from hotline.statistics import about, promises
from hotline.statistics.measures import Share, average_handle_seconds, measure
from hotline.statistics.middle import middle_of_others
from hotline.statistics.queries import Counts
from hotline.statistics.shown import give_and_get, over_time, topics
from hotline.statistics.tables import Table
from hotline.statistics.view import View, beside, is_counted, tenths
from hotline.web.formats import Formats
from hotline.web.language import translator
from hotline.web.templates import environment
from hotline.web.typeset import typeset

LANGUAGE = "da"  # the language of councils
MOST_ROWS = 20  # of topics and of partners, the largest first; the page has all of them
T, FMT = translator(LANGUAGE), Formats(LANGUAGE)
Content = dict[str, Any]


def pdf(content: Content, made_at: datetime) -> bytes:
    """The report as a PDF that can be read aloud (PDF/UA-1); the same content and moment give the same bytes."""
    return typeset(
        "statistics/report.typ",
        "report",
        content,
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=int(made_at.timestamp()),
    )


def content(view: View, municipality: Municipality, directory: Directory, made_at: datetime) -> Content:
    """What the report says of the view's month; every value is words already, as the page writes them."""
    sums, earlier = view.sums(), view.before()
    share, former = view.service_level(sums), view.service_level(earlier)
    target, waits = promises.sl_target(view.db, view.code, view.shown.start), view.waits()
    month, month_before = (_month(one.first) for one in (view.shown, view.shown.before))
    before = T("statistics.name.month", month=month_before)
    sentence = environment().get_template("statistics/_sentence.html")
    said = sentence.render(
        sums=sums, share=share, tenths=tenths(share), target=target, beside=beside(share, former),
        former_period=before, is_over=view.is_over, channel=None, t=T, fmt=FMT,
    )  # fmt: skip
    middle = middle_of_others(view, directory)
    measures = measure(sums, view.formula)
    tiles = [
        (T("statistics.offered"), FMT.number(sums["offered"]), _before(earlier, earlier["offered"], before)),
        (
            T("statistics.in_target_tile"),
            _cell(share, "share"),
            " ".join([T("statistics.target", target=FMT.percent(target)), _before(earlier, former, before)]).strip(),
        ),
        (
            T("statistics.wait"),
            FMT.duration(waits["p50"]),
            T("statistics.waits", p90=FMT.duration(waits["p90"]), p95=FMT.duration(waits["p95"])),
        ),
        (T("statistics.abandoned"), FMT.number(sums["abandoned"]), _before(earlier, earlier["abandoned"], before)),
    ]
    days = over_time(view, directory)
    return {
        "title": T("statistics.council.title", name=municipality.name, month=month),
        "sentence": html.unescape(said).strip(),
        "beside": T("statistics.middle", low=FMT.percent(middle[0]), high=FMT.percent(middle[1])) if middle else "",
        "tiles": [{"name": name, "value": value, "more": more} for name, value, more in tiles],
        "work": T(
            "statistics.council.work",
            others=FMT.number(sums["answered_by_others"]),
            time=FMT.duration(average_handle_seconds(sums)),
            wrap=FMT.duration(measures.average_wrap_seconds),
        ),
        "chart": [
            {"label": str(row.cells[0].day), "offered": row.cells[1] or 0, "answered": row.cells[2] or 0}
            for row in days.rows
            if isinstance(row.cells[0], datetime)
        ],
        "key": [T("statistics.offered"), T("statistics.answered")],
        "tables": [_table(days), _table(topics(view, topic_names(view.db, LANGUAGE))), _table(give_and_get(view))],
        "notes": [
            T(f"statistics.formula.{view.formula}"),
            about.promise(T, FMT),
            T("statistics.change_more"),
            T("statistics.exchange_more"),
            T("statistics.few"),
        ],
        "words": {
            "made": T("statistics.council.made", at=FMT.moment(made_at)),
            "definitions": T("statistics.about"),
            "days": T("statistics.council.days"),
        },
    }


def _table(table: Table) -> Mapping[str, Any]:
    """Its first rows as words."""
    rows = table.rows if table.name == "over_time" else table.rows[: MOST_ROWS + 1]
    return {
        "title": T(f"statistics.{table.name}"),
        "columns": [T(f"statistics.{column.name}") for column in table.columns],
        "rows": [
            {
                "is_sum": row.is_sum,
                "cells": [
                    T("statistics.sum") if row.is_sum and not place else _cell(value, column.kind)
                    for place, (column, value) in enumerate(zip(table.columns, row.cells, strict=True))
                ],
                "note": T(f"statistics.{row.note}") if row.note else "",
            }
            for row in rows
        ],
    }


def _cell(value: object, kind: str) -> str:
    """A value as the page writes it."""
    macros: Any = environment().get_template("statistics/_table.html").module
    return html.unescape(str(macros.cell(value, kind, T, FMT, LANGUAGE))).strip()


def _before(earlier: Counts, number: float | Share, period: str) -> str:
    """What it was the month before; nothing is said of one without figures, or of a share of none."""
    if not is_counted(earlier) or (isinstance(number, Share) and not number.whole):
        return ""
    said = _cell(number, "share") if isinstance(number, Share) else FMT.number(number)
    return T("statistics.before", number=said, period=period)


def _month(day: Any) -> str:
    return FMT.day(day, "MMMM y")
