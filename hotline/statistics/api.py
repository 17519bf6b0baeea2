"""The figures over HTTP: a municipality's rows as JSON and as a table, and who answered for whom."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from hotline.access.guards import OWN_FIGURES, KeyHolder, ReadsFigures, may_see_figures
from hotline.clock import now
from hotline.db import Db
from hotline.directory.models import WHOLE_POOL, Person
from hotline.errors import NotAllowed, NotFound
from hotline.problems import problems
from hotline.statistics import exports, queries
from hotline.statistics.measures import measure
from hotline.statistics.models import SECONDS
from hotline.statistics.periods import LONGEST, Period, period
from hotline.statistics.queries import Counts, Interval

router = APIRouter(tags=["statistics"])

From = Annotated[
    str | None,
    Query(
        alias="from",
        description="RFC 3339 with zone, or a Danish day; today where left out",
        examples=["2026-11-21"],
    ),
]
To = Annotated[
    str | None,
    Query(
        alias="to",
        description="The first moment or day that no longer counts; the day after `from` where left out",
        examples=["2026-11-22T00:00:00Z"],
    ),
]
Every = Annotated[Interval, Query(description="How long one row lasts; days are Danish days")]


class CountsOut(BaseModel):
    """What was counted. All of it adds up over intervals, topics, channels and municipalities."""

    offered: int = Field(description="Inquiries that arrived, booked at their arrival")
    answered: int = Field(description="Inquiries that an agent accepted for the first time")
    answered_in_target: int = Field(description="Of the answered: within the target of their topic")
    abandoned: int = Field(description="Citizens who hung up before they were answered")
    abandoned_in_target: int = Field(description="Of the abandoned: within the target of their topic")
    short_abandoned: int = Field(description="Of the abandoned: in less than 5 seconds")
    callbacks: int = Field(description="Citizens who asked to be rung back")
    handed_over: int = Field(description="Inquiries handed over to the citizen's own municipality")
    transferred: int = Field(description="Transfers back to the queue or to another agent")
    closed: int = Field(description="Inquiries closed, booked at their closure")
    resolved_first_contact: int = Field(description="Of the closed: resolved by the first agent who took them")
    wait_seconds: float = Field(description="Seconds that the answered had waited")
    talk_seconds: float = Field(description="Seconds of talk, by any agent, with this municipality's citizens")
    wrap_seconds: float = Field(description="Seconds of wrap-up after it")
    offers_made: int = Field(description="Offers made to agents")
    offers_refused: int = Field(description="Of the offers: refused")
    offers_lapsed: int = Field(description="Of the offers: run out of time")
    answered_by_others: int = Field(description="Of the answered: by an agent of another municipality")
    answered_for_others: int = Field(description="Citizens of other municipalities whom this one's agents answered")


class RowOut(CountsOut):
    """One interval, topic and channel in which something was counted."""

    start: datetime = Field(description="The interval's start in Danish time, with its zone")
    topic: str | None = Field(description="The topic's slug; null for inquiries that never had one")
    channel: str


class MeasuresOut(BaseModel):
    """What the counts of the whole period come to; null where nothing was counted."""

    model_config = ConfigDict(from_attributes=True)

    service_level: float | None = Field(description="Share from 0 to 1 by the formula `sl_formula`")
    abandonment: float | None = Field(description="Share of those who hung up, of answered and abandoned")
    average_wait_seconds: float | None = Field(description="Average speed of answer")
    average_handle_seconds: float | None = Field(description="Talk and wrap-up for each inquiry closed or handed over")


NOTHING_COUNTED: dict[str, Any] = dict.fromkeys(CountsOut.model_fields, 0)
ONE_ROW = NOTHING_COUNTED | {
    "start": "2026-11-21T08:00:00+01:00",
    "topic": "passport",
    "channel": "phone",
    "offered": 12,
    "answered": 11,
    "answered_in_target": 9,
    "abandoned": 1,
    "abandoned_in_target": 1,
    "closed": 10,
    "resolved_first_contact": 9,
    "wait_seconds": 341.5,
    "talk_seconds": 2710.25,
    "wrap_seconds": 330.0,
    "offers_made": 12,
    "offers_lapsed": 1,
    "answered_by_others": 4,
    "answered_for_others": 6,
}


class MunicipalityOut(BaseModel):
    """A municipality's figures for a period."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "municipality": "0751",
                    "start": "2026-11-21T00:00:00+01:00",
                    "end": "2026-11-22T00:00:00+01:00",
                    "interval": "15m",
                    "sl_formula": "D",
                    "measures": {
                        "service_level": 0.8182,
                        "abandonment": 0.0833,
                        "average_wait_seconds": 31.045,
                        "average_handle_seconds": 304.025,
                    },
                    "rows": [ONE_ROW],
                }
            ]
        }
    )

    municipality: str
    start: datetime
    end: datetime
    interval: Interval
    sl_formula: str = Field(
        description="The service-level formula in use: A (ansT+abT)/(ans+ab), B ansT/ans, C ansT/(ans+ab), "
        "D ansT/(ans+ab after T), E (ansT+abShort)/(ans+ab), F ansT/(ans+ab-abShort)"
    )
    measures: MeasuresOut
    rows: list[RowOut]


class ExchangeOut(BaseModel):
    """Inquiries of `home`'s citizens that agents of `answering` ended, and their talk; own citizens included."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [{"home": "0751", "answering": "0860", "inquiries": 14, "talk_seconds": 3920.5}]
        },
    )

    home: str
    answering: str
    inquiries: int
    talk_seconds: float


@router.get(
    "/statistics/municipalities/{code}.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **problems(401, 403, 404, 422)},
)
def read_municipality_as_csv(
    code: str, caller: ReadsFigures, db: Db, start: From = None, end: To = None, interval: Every = Interval.QUARTER
) -> Response:
    """The same rows as a table: comma-separated, UTF-8, one line of column names."""
    asked = _asked(db, caller, code, start, end, interval)
    rows = queries.municipality_rows(db, code, asked.start, asked.end, interval)
    name = f"hotline-{code}-{interval}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(exports.csv_of_rows(rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/statistics/municipalities/{code}", responses=problems(401, 403, 404, 422))
def read_municipality(
    code: str, caller: ReadsFigures, db: Db, start: From = None, end: To = None, interval: Every = Interval.QUARTER
) -> MunicipalityOut:
    """How a municipality's citizens were served: for its own viewers and team leads, and for who runs the pool."""
    asked = _asked(db, caller, code, start, end, interval)
    formula = queries.sl_formula(db, code, asked.start)
    return MunicipalityOut(
        municipality=code,
        start=asked.start,
        end=asked.end,
        interval=interval,
        sl_formula=formula,
        measures=MeasuresOut.model_validate(measure(queries.totals(db, code, asked.start, asked.end), formula)),
        rows=[
            RowOut(start=row.start, topic=row.topic, channel=row.channel, **_rounded(row.counts))
            for row in queries.municipality_rows(db, code, asked.start, asked.end, interval)
        ],
    )


@router.get("/statistics/exchange", responses=problems(401, 403, 422))
def read_exchange(caller: ReadsFigures, db: Db, start: From = None, end: To = None) -> list[ExchangeOut]:
    """Who answered for whom; viewers, team leads and bound keys read the rows that name a municipality of theirs."""
    asked = period(start, end, now())
    only = _only(caller)
    return [ExchangeOut.model_validate(pair) for pair in queries.exchange(db, asked.start, asked.end, only)]


def _only(caller: Person | KeyHolder) -> str | None:
    """The municipality that every row must name, if any. Raises NotAllowed for those who read no figures."""
    if isinstance(caller, KeyHolder) or caller.role in WHOLE_POOL:
        return None  # what a key is bound to, the database minds
    if caller.role in OWN_FIGURES:
        return caller.municipality or ""
    raise NotAllowed("these figures are for a municipality's viewers and team leads, and for the secretariat")


def _asked(
    db: Session, caller: Person | KeyHolder, code: str, start: str | None, end: str | None, interval: Interval
) -> Period:
    may_see_figures(caller, code)
    if queries.municipality(db, code) is None:
        raise NotFound
    return period(start, end, now(), LONGEST[interval])


def _rounded(counts: Counts) -> dict[str, Any]:
    return {name: round(count, 3) if name in SECONDS else count for name, count in counts.items()}
