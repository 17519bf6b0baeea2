"""The agent's desk: presence, offers and inquiries in hand, and what is done with them.

A change answers 204; hotline.js then has the desk fetch its parts again, as it does when the event stream says that
something has changed. So every part of it has one way of being drawn.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse, Response, StreamingResponse

from hotline.access.guards import ActingAgent, SignedInAgent
from hotline.access.pages import Reader
from hotline.agents import presence
from hotline.agents.models import Presence
from hotline.clock import now
from hotline.console.me import event_stream
from hotline.console.state import state_of
from hotline.db import Db
from hotline.directory.models import Agent
from hotline.directory.names import municipality_names, topic_names
from hotline.handling import actions
from hotline.handling import cpr_numbers as identity
from hotline.handling.requests import CprNumber
from hotline.inquiries import guards
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.states import State
from hotline.offers import actions as offers
from hotline.offers.requests import OfferId
from hotline.web.language import chosen
from hotline.web.templates import page

router = APIRouter(include_in_schema=False)

RECENT = 6
NoteText = Annotated[str | None, Form(max_length=10_000, pattern=r"^[^\x00]*$")]


@router.get("/desk")
def read_desk(request: Request, person: Reader, agent: SignedInAgent, db: Db) -> HTMLResponse:
    """The whole console."""
    return page(request, "console/desk.html", **(_desk(request, db, agent) | _recent(request, db, agent)))


@router.get("/desk/work")
def read_work(request: Request, agent: SignedInAgent, db: Db) -> HTMLResponse:
    """What is offered and what is in hand."""
    return page(request, "console/_work.html", **_desk(request, db, agent))


@router.get("/desk/presence")
def read_presence(request: Request, agent: SignedInAgent, db: Db) -> HTMLResponse:
    """Presence and load."""
    return page(request, "console/_presence.html", **_desk(request, db, agent))


@router.get("/desk/recent")
def read_recent(request: Request, agent: SignedInAgent, db: Db) -> HTMLResponse:
    """The last inquiries that ended in this agent's hands."""
    return page(request, "console/_recent.html", **_recent(request, db, agent))


@router.get("/desk/events")
async def read_desk_events(request: Request) -> StreamingResponse:
    """The agent's event stream, for the console's cookie."""
    return await event_stream(request)


@router.post("/desk/presence")
def create_presence(agent: ActingAgent, db: Db, state: Annotated[Presence, Form()]) -> Response:
    """From now on the agent is this."""
    presence.say(db, agent.id, state, None, now())
    return Response(status_code=204)


@router.post("/offers/{offer_id}/acceptance")
def create_acceptance(offer_id: OfferId, agent: ActingAgent, db: Db) -> Response:
    """Take it; of two answers the first wins."""
    offers.accept(db, offer_id, agent, now())
    return Response(status_code=204)


@router.post("/offers/{offer_id}/refusal")
def create_refusal(offer_id: OfferId, agent: ActingAgent, db: Db) -> Response:
    """Leave it to somebody else."""
    offers.refuse(db, offer_id, agent, None, now())
    return Response(status_code=204)


@router.post("/inquiries/{inquiry_id}/wrap-up")
def create_wrap_up(inquiry_id: UUID, agent: ActingAgent, db: Db) -> Response:
    """The talk has ended, the work has not."""
    actions.wrap_up(db, guards.held_inquiry(db, agent.id, inquiry_id), agent, now())
    return Response(status_code=204)


@router.post("/inquiries/{inquiry_id}/closure")
def create_closure(
    inquiry_id: UUID, agent: ActingAgent, db: Db, outcome: Annotated[Outcome, Form()], note: NoteText = None
) -> Response:
    """The work has ended."""
    actions.close(db, guards.held_inquiry(db, agent.id, inquiry_id), agent, outcome, note, now())
    return Response(status_code=204)


@router.post("/inquiries/{inquiry_id}/transfer")
def create_transfer(
    inquiry_id: UUID, agent: ActingAgent, db: Db, topic: Annotated[str, Form()] = "", note: NoteText = None
) -> Response:
    """To somebody with this topic; without one, to the citizen's own municipality, which goes on with the case."""
    inquiry = guards.held_inquiry(db, agent.id, inquiry_id)
    if topic:
        actions.transfer(db, inquiry, agent, topic, None, note, now())
    else:
        actions.hand_over(db, inquiry, agent, note, now())
    return Response(status_code=204)


@router.patch("/inquiries/{inquiry_id}")
def update_inquiry(inquiry_id: UUID, agent: ActingAgent, db: Db, topic: Annotated[str, Form()]) -> Response:
    """The agent knows the topic better."""
    actions.correct(db, guards.held_inquiry(db, agent.id, inquiry_id), agent, {"topic": topic}, None, now())
    return Response(status_code=204)


@router.post("/inquiries/{inquiry_id}/cpr/{n}/reveal")
def create_reveal(request: Request, inquiry_id: UUID, n: CprNumber, agent: ActingAgent, db: Db) -> HTMLResponse:
    """Show a CPR number of the inquiry in hand."""
    number = identity.reveal(db, guards.held_inquiry(db, agent.id, inquiry_id), agent, n, None, now())
    return page(request, "console/_cpr_number.html", number=number)


@router.post("/inquiries/{inquiry_id}/cpr/{n}/undo")
def create_undo(inquiry_id: UUID, n: CprNumber, agent: ActingAgent, db: Db) -> Response:
    """It was no CPR number; it comes back where it stood."""
    identity.undo(db, guards.held_inquiry(db, agent.id, inquiry_id), agent, n, None, now())
    return Response(status_code=204)


def _desk(request: Request, db: Session, agent: Agent) -> dict[str, Any]:
    names = topic_names(db, chosen(request))
    return {"desk": state_of(db, agent.id), "topic_names": names}


def _recent(request: Request, db: Session, agent: Agent) -> dict[str, Any]:
    ended = (
        select(Inquiry)
        .where(
            col(Inquiry.agent_id) == agent.id,
            col(Inquiry.state).in_((State.CLOSED, State.HANDED_OVER)),
            guards.within_reach(agent.id),
        )
        .order_by(col(Inquiry.id).desc())
        .limit(RECENT)
    )
    recent = db.exec(ended).all()
    return {
        "recent": recent,
        "own_notes": identity.hits_in_own_notes(db, agent.id, [inquiry.id for inquiry in recent], now()),
        "topic_names": topic_names(db, chosen(request)),
        "municipality_names": municipality_names(db),
    }
