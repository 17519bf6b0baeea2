"""What may be asked of webhooks, and what is answered."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from hotline.inquiries.states import Event
from hotline.integrations.transport import LONGEST
from hotline.offers.requests import Request

MADE: dict[str, Any] = {
    "id": 7,
    "url": "https://pbx.example.dk/hotline",
    "events": ["accepted", "closed"],
    "made_at": "2026-11-23T09:40:00Z",
    "active": True,
    "ended_because": None,
    "failures": 0,
    "rests_until": None,
}
SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
SENT: dict[str, Any] = {
    "n": 81,
    "event": "accepted",
    "inquiry_id": "01a2000d-4ae5-77dc-a275-fa0701ef8661",
    "state": "waiting",
    "made_at": "2026-11-23T09:40:01Z",
    "due_at": "2026-11-23T09:40:06Z",
    "tries": [{"at": "2026-11-23T09:40:01Z", "seconds": 0.084, "status": 503}],
}


class AlertEvent(StrEnum):
    """What happens to an alert, whose key must be one that may read statistics."""

    BEGAN = "alert_began"
    ENDED = "alert_ended"


class WebhookIn(Request):
    """Where what is to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": MADE["url"], "events": MADE["events"]}]})

    url: Annotated[str, Field(max_length=LONGEST, pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://[^\x00]+$")]
    events: Annotated[list[Event | AlertEvent], Field(min_length=1, max_length=len(Event) + len(AlertEvent))]


class WebhookOut(BaseModel):
    """A webhook, and how it is with it: after `failures` in a row nothing is sent before `rests_until`."""

    model_config = ConfigDict(json_schema_extra={"examples": [MADE]})

    id: int
    url: str
    events: list[str]
    made_at: datetime
    active: bool
    ended_because: str | None
    failures: int
    rests_until: datetime | None


class WebhookMade(WebhookOut):
    """With its secret, which is shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [MADE | {"secret": SECRET}]})

    secret: str


class Webhooks(BaseModel):
    """All of this key, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [MADE]}]})

    items: list[WebhookOut]


class NewSecret(BaseModel):
    """The secret that signs from now on; until `former_until` the one before does as well."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"secret": SECRET, "former_until": "2026-11-24T09:40:00Z"}]}
    )

    secret: str
    former_until: datetime


class DeliveryOut(BaseModel):
    """A line of an inquiry's timeline, or what happened to an alert, on its way to a webhook, and each try."""

    model_config = ConfigDict(json_schema_extra={"examples": [SENT]})

    n: int
    event: str
    inquiry_id: UUID | None
    state: str
    made_at: datetime
    due_at: datetime
    tries: list[dict[str, Any]]


class Deliveries(BaseModel):
    """Newest first; `next_cursor` leads on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SENT], "next_cursor": None}]})

    items: list[DeliveryOut]
    next_cursor: str | None
