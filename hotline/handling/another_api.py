"""A second matter of the same citizen, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field

from hotline.access.guards import ActingAgent
from hotline.clock import now
from hotline.db import Db
from hotline.handling.another import another
from hotline.handling.requests import NoteText
from hotline.inquiries.answers import StateAnswer
from hotline.inquiries.guards import Held
from hotline.inquiries.models import Outcome
from hotline.intake.requests import Slug
from hotline.offers.requests import Request as Body
from hotline.web.problems import problems
from hotline.web.shown import Shown

router = APIRouter(tags=["agents"], route_class=Shown)


class AnotherRequest(Body):
    """What else the citizen wants, and how the matter so far ended."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"topic": "relocation", "text": "Er lige flyttet", "outcome": "resolved"}]}
    )

    topic: Slug
    text: Annotated[NoteText, Field(description="What it is about")] = ""
    outcome: Outcome
    note: NoteText | None = None


@router.post("/inquiries/{inquiry_id}/another", status_code=201, responses=problems(401, 403, 404, 409, 422))
def create_another(request: Request, inquiry: Held, body: AnotherRequest, agent: ActingAgent, db: Db) -> StateAnswer:
    """The citizen wants something else, too: this matter is closed, and the other one is in my hands as an inquiry.

    It has a reference, a topic and a time of its own, and the citizen of this one. 409 where I have no room for it.
    """
    other = another(db, inquiry, agent, body.topic, body.text, body.outcome, body.note, now())
    request.state.opens = str(other.id)  # for what the agent's page shows after it
    return StateAnswer(id=other.id, state=other.state)
