"""The figures over HTTP: a municipality's rows as JSON and as a table, and who answered for whom."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import Session
from starlette.responses import JSONResponse

from hotline.access.errors import NotAllowed
from hotline.access.guards import OWN_FIGURES, KeyHolder, ReadsFigures, may_see_figures
from hotline.clock import danish, now
from hotline.db import Db
from hotline.directory.models import WHOLE_POOL, Person
from hotline.errors import NotFound
from hotline.statistics import exports, promises, queries
from hotline.statistics.measures import measure
from hotline.statistics.models import SECONDS
from hotline.statistics.queries import Counts
from hotline.statistics.requests import Every, ExchangeOut, From, MeasuresOut, MunicipalityOut, To, WaitsOut
from hotline.statistics.spans import LONGEST, Grain, Period, period
from hotline.statistics.waits import percentiles
from hotline.web.one_thread import OneThread
from hotline.web.problems import problems

router = APIRouter(tags=["statistics"], route_class=OneThread)


@router.get(
    "/statistics/municipalities/{code}.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **problems(401, 403, 404, 422)},
)
def read_municipality_as_csv(
    code: str, caller: ReadsFigures, db: Db, start: From = None, end: To = None, interval: Every = Grain.QUARTER
) -> Response:
    """The same rows as a table: comma-separated, UTF-8, one line of column names."""
    asked = _asked(db, caller, code, start, end, interval)
    rows = queries.municipality_rows(db, code, asked.start, asked.end, interval)
    name = f"hotline-{code}-{danish(asked.start):%Y-%m-%d}--{_last_day(asked)}-{interval}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(exports.csv_of_rows(rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/statistics/municipalities/{code}", response_model=MunicipalityOut, responses=problems(401, 403, 404, 422))
def read_municipality(
    code: str, caller: ReadsFigures, db: Db, start: From = None, end: To = None, interval: Every = Grain.QUARTER
) -> Response:
    """How a municipality's citizens were served: for its own viewers and team leads, and for who runs the pool."""
    asked = _asked(db, caller, code, start, end, interval)
    formula = promises.sl_formula(db, code, asked.start)
    found = MunicipalityOut(
        municipality=code,
        start=danish(asked.start),
        end=danish(asked.end),
        interval=interval,
        sl_formula=formula,
        measures=MeasuresOut.model_validate(measure(queries.totals(db, code, asked.start, asked.end), formula)),
        waits=WaitsOut.model_validate(percentiles(queries.waits(db, code, asked.start, asked.end))),
        rows=[],
    ).model_dump(mode="json")
    # Written as they are: three years by month are thousands of rows, of which a model each took most of the time.
    found["rows"] = [
        {"start": row.start.isoformat(), "topic": row.topic, "channel": row.channel, **_rounded(row.counts)}
        for row in queries.municipality_rows(db, code, asked.start, asked.end, interval)
    ]
    return JSONResponse(found)


@router.get("/statistics/exchange", response_model=list[ExchangeOut], responses=problems(401, 403, 422))
def read_exchange(caller: ReadsFigures, db: Db, start: From = None, end: To = None) -> Response:
    """Who answered for whom; viewers, team leads and bound keys read the rows that name a municipality of theirs."""
    asked = period(start, end, now())
    only = _only(caller)
    # As they are: of the 9,604 pairs of all municipalities a model each, made and read again, took most of the time.
    return JSONResponse([vars(pair) for pair in queries.exchange(db, asked.start, asked.end, only)])


def _only(caller: Person | KeyHolder) -> str | None:
    """The municipality that every row must name, if any. Raises NotAllowed for those who read no figures."""
    if isinstance(caller, KeyHolder) or caller.role in WHOLE_POOL:
        return None  # what a key is bound to, the database minds
    if caller.role in OWN_FIGURES:
        return caller.municipality or ""
    raise NotAllowed("these figures are for a municipality's viewers and team leads, and for the secretariat")


def _asked(
    db: Session, caller: Person | KeyHolder, code: str, start: str | None, end: str | None, interval: Grain
) -> Period:
    may_see_figures(caller, code)
    if queries.municipality(db, code) is None:
        raise NotFound
    return period(start, end, now(), LONGEST[interval])


def _last_day(asked: Period) -> date:
    """The last Danish day that counts."""
    return danish(asked.end - timedelta(microseconds=1)).date()


def _rounded(counts: Counts) -> dict[str, Any]:
    return {name: round(count, 3) if name in SECONDS else count for name, count in counts.items()}
