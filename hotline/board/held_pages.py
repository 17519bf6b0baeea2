"""What is in hand, for those who may take it out of somebody's hands: give it back, pass it on, end it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import StringConstraints
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import ActingLead, may_lead
from hotline.access.pages import PageReader
from hotline.board.held import held
from hotline.clock import now
from hotline.db import Db, acting
from hotline.directory.models import Person
from hotline.directory.names import topic_names
from hotline.handling import leads
from hotline.handling.requests import Why
from hotline.inquiries import guards
from hotline.inquiries.models import Inquiry, Outcome
from hotline.web.language import chosen
from hotline.web.templates import page

router = APIRouter(include_in_schema=False)

Agent = Annotated[str, Form(max_length=200), StringConstraints(pattern=r"^[^\x00]*$")]
Reason = Annotated[Why, Form()]


@router.get("/held")
def read_held(request: Request, person: PageReader, db: Db) -> HTMLResponse:
    """The whole page."""
    may_lead(person)
    return _page(request, db, person, "board/held.html")


@router.get("/held/now")
def read_held_now(request: Request, person: PageReader, db: Db) -> HTMLResponse:
    """The list alone."""
    may_lead(person)
    return _page(request, db, person, "board/_held.html")


@router.post("/held/{inquiry_id}/release")
def create_release(
    request: Request, inquiry_id: UUID, lead: ActingLead, db: Db, agent: Agent, reason: Reason
) -> HTMLResponse:
    """Back to the queue, if this agent still has it."""
    leads.release(db, _taken(db, lead, inquiry_id, agent), lead.id, reason, now())
    return _page(request, db, lead, "board/_held.html")


@router.post("/held/{inquiry_id}/transfer")
def create_transfer(
    request: Request,
    inquiry_id: UUID,
    lead: ActingLead,
    db: Db,
    agent: Agent,
    reason: Reason,
    topic: Annotated[str, Form(max_length=200)],
) -> HTMLResponse:
    """To somebody with this topic, if this agent still has it."""
    leads.transfer(db, _taken(db, lead, inquiry_id, agent), lead.id, topic, None, reason, now())
    return _page(request, db, lead, "board/_held.html")


@router.post("/held/{inquiry_id}/closure")
def create_closure(
    request: Request,
    inquiry_id: UUID,
    lead: ActingLead,
    db: Db,
    agent: Agent,
    reason: Reason,
    outcome: Annotated[Outcome, Form()],
) -> HTMLResponse:
    """The work has ended, if this agent still has it."""
    leads.close(db, _taken(db, lead, inquiry_id, agent), lead.id, outcome, reason, now())
    return _page(request, db, lead, "board/_held.html")


def _taken(db: Session, lead: Person, inquiry_id: UUID, agent: str) -> Inquiry:
    inquiry = guards.led_inquiry(db, lead, inquiry_id)
    leads.holder(db, inquiry, agent)
    return inquiry


def _page(request: Request, db: Session, person: Person, template: str) -> HTMLResponse:
    # Who has it is named to whoever leads the citizen's municipality, wherever the agent is.
    with acting(db):
        rows = held(db, now(), person.municipality)
        names = topic_names(db, chosen(request))
    return page(request, template, held=rows, topic_names=names, outcomes=[str(outcome) for outcome in Outcome])
