"""Signing out with work in hand: that is asked about first, and what can wait for somebody else is given back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session, col, select
from starlette.responses import Response

from hotline.access.coming import sign_out
from hotline.access.guards import ActingAgent, SignedInAgent
from hotline.access.pages import Visitor
from hotline.clock import now
from hotline.console.state import state_of
from hotline.db import Db
from hotline.directory.models import Agent
from hotline.directory.names import topic_names
from hotline.handling.actions import write_note
from hotline.inquiries.models import Channel, Inquiry
from hotline.inquiries.notes import NoteDraft
from hotline.inquiries.states import HELD
from hotline.offers.give_back import give_back
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

SIGNED_OUT = "agent signed out"


@router.get("/desk/sign-out")
def read_leaving(request: Request, person: Visitor, agent: SignedInAgent, db: Db) -> Response:
    """What is still in hand, and what becomes of it."""
    names = topic_names(db, chosen(request))
    return page(request, "console/leaving.html", desk=state_of(db, agent.id), topic_names=names)


@router.post("/desk/sign-out")
def delete_sign_in(request: Request, agent: ActingAgent, db: Db, give: Annotated[bool, Form()] = False) -> Response:
    """End the sign-in; with work in hand only once the agent has said that it is to be given back (`give`).

    Calls stay in their hands: nobody else can go on with them.
    """
    held = _in_hand(db, agent)
    if held and not give:
        return Response(status_code=204, headers={"HX-Redirect": "/desk/sign-out"})
    for inquiry in held:
        if inquiry.channel != Channel.PHONE:
            _give_back(db, inquiry, agent, now())
    return sign_out(request, db, Response(status_code=204, headers={"HX-Redirect": "/sign-in"}))


def _in_hand(session: Session, agent: Agent) -> Sequence[Inquiry]:
    theirs = select(Inquiry).where(col(Inquiry.agent_id) == agent.id, col(Inquiry.state).in_(HELD))
    return session.exec(theirs.order_by(col(Inquiry.id)).with_for_update()).all()


def _give_back(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> None:
    """What the agent had written of it so far is a note, which whoever goes on reads."""
    draft = session.get(NoteDraft, (inquiry.id, agent.id, "note"))
    write_note(session, inquiry, agent.id, draft.text if draft else None, now)
    give_back(session, inquiry, now, SIGNED_OUT)
