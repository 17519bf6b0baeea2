"""What may be asked of the figures, and what is answered."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from hotline.statistics.spans import Grain

FIRST = "RFC 3339 with zone, or a Danish day; today where left out"
END = "The first moment or day that no longer counts; the day after `from` where left out"
From = Annotated[str | None, Query(alias="from", description=FIRST, examples=["2026-11-21"])]
To = Annotated[str | None, Query(alias="to", description=END, examples=["2026-11-22T00:00:00Z"])]
Every = Annotated[Grain, Query(description="How long one row lasts; days are Danish days")]


class CountsOut(BaseModel):
    """What was counted. All of it adds up over intervals, topics, channels and municipalities."""

    offered: int = Field(description="Inquiries that arrived, booked at their arrival")
    answered: int = Field(description="Inquiries that an agent accepted for the first time")
    answered_in_target: int = Field(description="Of the answered: within the target of channel and priority")
    abandoned: int = Field(description="Citizens who hung up before they were answered")
    abandoned_in_target: int = Field(description="Of the abandoned: within the target of channel and priority")
    short_abandoned: int = Field(description="Of the abandoned: in less than 5 seconds")
    callbacks: int = Field(description="Citizens who asked to be rung back")
    handed_over: int = Field(description="Inquiries handed over to the citizen's own municipality")
    transferred: int = Field(description="Transfers back to the queue or to another agent")
    closed: int = Field(description="Inquiries closed, booked at their closure")
    resolved_first_contact: int = Field(description="Of the closed: resolved by one agent in one contact")
    wait_seconds: float = Field(description="Seconds that the answered had waited")
    talk_seconds: float = Field(description="Seconds of talk, by any agent, with this municipality's citizens")
    wrap_seconds: float = Field(description="Seconds of wrap-up after it")
    offers_made: int = Field(description="Offers made to agents")
    offers_refused: int = Field(description="Of the offers: refused")
    offers_lapsed: int = Field(description="Of the offers: run out of time")
    answered_by_others: int = Field(description="Of the answered: by an agent of another municipality")
    answered_for_others: int = Field(description="Citizens of other municipalities whom this one's agents answered")
    rang_again: int = Field(description="Of the closed: calls about what the citizen had rung about within seven days")


class RowOut(CountsOut):
    """One interval, topic and channel in which something was counted."""

    start: datetime = Field(description="The interval's start in Danish time, with its zone")
    topic: str | None = Field(description="The topic's slug; null for inquiries that never had one")
    channel: str


class WaitsOut(BaseModel):
    """The seconds within which so many of a hundred had been answered or had left, within a tenth; null for fewer than
    20, and unless the period is of whole Danish days."""

    p50: float | None
    p90: float | None
    p95: float | None


class MeasuresOut(BaseModel):
    """What the counts of the whole period come to; null where nothing was counted."""

    model_config = ConfigDict(from_attributes=True)

    service_level: float | None = Field(description="Share from 0 to 1 by the formula `sl_formula`")
    abandonment: float | None = Field(description="Share of those who hung up, of answered and abandoned")
    average_wait_seconds: float | None = Field(description="Average speed of answer")
    average_handle_seconds: float | None = Field(description="Talk and wrap-up for each inquiry closed or handed over")
    average_wrap_seconds: float | None = Field(description="Of that, wrap-up")
    first_contact: float | None = Field(description="Share of the closed that one agent resolved in one contact")
    transferred: float | None = Field(description="Transfers for each inquiry answered")
    offers_refused: float | None = Field(description="Share of the offers that agents refused")
    offers_lapsed: float | None = Field(description="Share of the offers that ran out of time")


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
                        "average_wrap_seconds": 33.0,
                        "first_contact": 0.9,
                        "transferred": 0.0,
                        "offers_refused": 0.0,
                        "offers_lapsed": 0.0833,
                    },
                    "waits": {"p50": 18.2, "p90": 71.5, "p95": 96.0},
                    "rows": [ONE_ROW],
                }
            ]
        }
    )

    municipality: str
    start: datetime = Field(description="The first moment that counts, in Danish time, with its zone")
    end: datetime = Field(description="The first moment that no longer counts, likewise")
    interval: Grain
    sl_formula: str = Field(
        description="The service-level formula in use: A (ansT+abT)/(ans+ab), B ansT/ans, C ansT/(ans+ab), "
        "D ansT/(ans+ab after T), E (ansT+abShort)/(ans+ab), F ansT/(ans+ab-abShort)"
    )
    measures: MeasuresOut
    waits: WaitsOut
    rows: list[RowOut]


class ExchangeOut(BaseModel):
    """What agents of `answering` did for `home`'s citizens; own citizens included."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "home": "0751",
                    "answering": "0860",
                    "answered": 15,
                    "inquiries": 14,
                    "talk_seconds": 3920.5,
                    "wrap_seconds": 410.0,
                }
            ]
        },
    )

    home: str
    answering: str
    answered: int = Field(description="Inquiries that they accepted for the first time, as in the municipality's rows")
    inquiries: int = Field(description="Inquiries that ended in their hands: closed or handed over")
    talk_seconds: float = Field(description="Their talk, also about what ended in other hands")
    wrap_seconds: float = Field(description="Their wrap-up, likewise")
