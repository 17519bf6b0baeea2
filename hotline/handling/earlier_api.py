"""What the citizen in hand asked before, over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import JSONResponse, Response

from hotline.access.guards import ActingAgent
from hotline.db import Db
from hotline.directory.names import topic_names
from hotline.handling.earlier import earlier
from hotline.inquiries.guards import Held
from hotline.offers.requests import Request as Body
from hotline.web.language import chosen
from hotline.web.problems import problems
from hotline.web.shown import Shown
from hotline.web.templates import page

router = APIRouter(tags=["agents"], route_class=Shown)

EXAMPLE: dict[str, Any] = {
    "id": "01a2000d-4ae5-77dc-a275-fa0701ef8661",
    "reference": "H-ZSB9-FX67",
    "received_at": "2026-11-20T08:12:40.102334Z",
    "ended_at": "2026-11-20T08:19:02.774001Z",
    "channel": "phone",
    "topic": "passport",
    "municipality": "0751",
    "state": "closed",
    "outcome": "resolved",
    "text": "Mit pas udløber",
    "notes": [{"at": "2026-11-20T08:18:55.010200Z", "text": "Har fået en tid den 2. december"}],
}


class EarlierRequest(Body):
    """Whose inquiries: a phone number or a reference; nothing for those of who asks here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"who": "20 12 34 56"}]})

    who: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00]*$")] = Field(
        default=""
    )


class EarlierNote(BaseModel):
    """What an agent wrote."""

    at: datetime
    text: str


class EarlierInquiry(BaseModel):
    """One that was in your hands."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    reference: str
    received_at: datetime
    ended_at: datetime | None
    channel: str
    topic: str | None
    municipality: str
    state: str
    outcome: str | None
    text: str
    notes: list[EarlierNote]


@router.post(
    "/inquiries/{inquiry_id}/earlier",
    response_model=list[EarlierInquiry],
    responses=problems(401, 403, 404, 409, 422),
)
def create_search(
    request: Request, inquiry: Held, agent: ActingAgent, db: Db, body: EarlierRequest | None = None
) -> Response:
    """What this citizen, or another one, asked before, as far as it was in your own hands; 20 at the most.

    Only while the inquiry is in your hands; each look is journalled.
    """
    found = earlier(db, inquiry, agent, body.who if body else "")
    if "hx-request" in request.headers:
        return page(request, "handling/_earlier.html", found=found, topic_names=topic_names(db, chosen(request)))
    told = [EarlierInquiry.model_validate(one).model_dump(mode="json") for one in found]
    return JSONResponse(told, headers={"Cache-Control": "no-store"})
