"""Inquiries and offers over HTTP: read, answer, wrap up, close, transfer, correct."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime
from sqlmodel import Session

from hotline.access.guards import ActingAgent, ActingHand, ActingLead, Caller, HandsIn, KeyHolder
from hotline.clock import now
from hotline.db import Db, act
from hotline.directory import usernames
from hotline.directory.models import Agent, Person
from hotline.errors import Invalid, NotAllowed
from hotline.handling import actions, leads
from hotline.handling import cpr_numbers as identity
from hotline.handling.requests import (
    ClosureRequest,
    CorrectionRequest,
    CprNumber,
    CprRequest,
    InquiryDetail,
    InquiryPage,
    OfferId,
    RefusalRequest,
    ReleaseRequest,
    RevealedCpr,
    StateAnswer,
    TransferRequest,
)
from hotline.inquiries import guards
from hotline.inquiries import reading as inquiries
from hotline.inquiries.listing import LONGEST_CURSOR, listed
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.intake.requests import Code, Slug
from hotline.offers import actions as offers
from hotline.offers.abandon import abandon
from hotline.web.problems import problems

router = APIRouter()


@router.get("/inquiries", response_model=InquiryPage, tags=["inquiries"], responses=problems(401, 403, 422))
def read_inquiries(
    caller: Caller,
    db: Db,
    state: State | None = None,
    municipality: Code | None = None,
    topic: Slug | None = None,
    since: AwareDatetime | None = None,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """Those you may see, newest first: an integrator what it handed in, an agent what they handled.

    A walk by `next_cursor` tells each one once; what was stored late, behind the walk's back, comes at its end.
    """
    page, following = listed(
        db, caller, state=state, municipality=municipality, topic=topic, since=since, cursor=cursor, limit=limit
    )
    return {"items": [inquiries.summary(inquiry) for inquiry in page], "next_cursor": following}


@router.get(
    "/inquiries/{inquiry_id}", response_model=InquiryDetail, tags=["inquiries"], responses=problems(401, 403, 404, 422)
)
def read_inquiry(inquiry_id: UUID, caller: Caller, db: Db) -> dict[str, object]:
    """One inquiry: where it is, who has it, what happened to it."""
    return inquiries.detail(db, caller, guards.inquiry(db, caller, inquiry_id), now())


@router.post("/inquiries/{inquiry_id}/abandonment", tags=["inquiries"], responses=problems(401, 403, 404, 409, 422))
def create_abandonment(inquiry_id: UUID, caller: HandsIn, db: Db) -> StateAnswer:
    """The citizen hung up before anybody answered. A call from the same number soon after takes its old place."""
    if not isinstance(caller, KeyHolder):
        raise NotAllowed("the phone system says when a citizen has hung up")
    inquiry = guards.inquiry(db, caller, inquiry_id)
    act(db)
    abandon(db, inquiry, now())
    return StateAnswer(id=inquiry.id, state=State.ABANDONED)


@router.post("/offers/{offer_id}/acceptance", tags=["agents"], responses=problems(401, 403, 404, 409))
def create_acceptance(offer_id: OfferId, agent: ActingAgent, db: Db) -> StateAnswer:
    """Take it. Of two answers to one offer the first wins; the other gets 409."""
    return _state(offers.accept(db, offer_id, agent, now()))


@router.post("/offers/{offer_id}/refusal", status_code=204, tags=["agents"], responses=problems(401, 403, 404, 409))
def create_refusal(offer_id: OfferId, agent: ActingAgent, db: Db, body: RefusalRequest | None = None) -> None:
    """Leave it to somebody else; it keeps its age."""
    offers.refuse(db, offer_id, agent, body.reason if body else None, now())


@router.post("/inquiries/{inquiry_id}/wrap-up", tags=["agents"], responses=problems(401, 403, 404, 409, 422))
def create_wrap_up(inquiry_id: UUID, agent: ActingAgent, db: Db) -> StateAnswer:
    """The talk has ended, the work has not."""
    inquiry = _mine(db, agent, inquiry_id)
    actions.wrap_up(db, inquiry, agent, now())
    return _state(inquiry)


@router.post("/inquiries/{inquiry_id}/closure", tags=["agents"], responses=problems(401, 403, 404, 409, 422))
def create_closure(inquiry_id: UUID, body: ClosureRequest, hand: ActingHand, db: Db) -> StateAnswer:
    """The work has ended, with or without a wrap-up before; for what somebody else has, the lead's word is enough."""
    if isinstance(hand, Agent):
        inquiry = _mine(db, hand, inquiry_id)
        actions.close(db, inquiry, hand, body.outcome, body.note, now())
    else:
        inquiry = guards.led_inquiry(db, hand, inquiry_id)
        leads.close(db, inquiry, hand.id, body.outcome, body.note, now())
    return _state(inquiry)


@router.post("/inquiries/{inquiry_id}/release", tags=["agents"], responses=problems(401, 403, 404, 409, 422))
def create_release(inquiry_id: UUID, body: ReleaseRequest, lead: ActingLead, db: Db) -> StateAnswer:
    """Out of the hands of who has it, and back to the queue at its age.

    For the secretariat, and for team leads where the agent or the citizen is of their own municipality.
    """
    inquiry = guards.led_inquiry(db, lead, inquiry_id)
    leads.holder(db, inquiry, body.agent)
    leads.release(db, inquiry, lead.id, body.reason, now())
    return _state(inquiry)


@router.post("/inquiries/{inquiry_id}/transfer", tags=["agents"], responses=problems(401, 403, 404, 409, 422))
def create_transfer(inquiry_id: UUID, body: TransferRequest, hand: ActingHand, db: Db) -> StateAnswer:
    """To another topic or agent, at its original age; or to the citizen's own municipality, where it ends for us."""
    inquiry = _mine(db, hand, inquiry_id) if isinstance(hand, Agent) else guards.led_inquiry(db, hand, inquiry_id)
    if body.municipality is not None:
        if body.municipality != inquiry.municipality:
            raise Invalid("a case is handed over to the citizen's own municipality alone")
        if isinstance(hand, Agent):
            actions.hand_over(db, inquiry, hand, body.note, now())
        else:
            leads.hand_over(db, inquiry, hand.id, body.note, now())
    else:
        to_agent = _agent_called(db, body.agent) if body.agent is not None else None
        if isinstance(hand, Agent):
            actions.transfer(db, inquiry, hand, body.topic, to_agent, body.note, now())
        else:
            leads.transfer(db, inquiry, hand.id, body.topic, to_agent, body.note, now())
    return _state(inquiry)


@router.patch(
    "/inquiries/{inquiry_id}",
    response_model=InquiryDetail,
    tags=["agents"],
    responses=problems(401, 403, 404, 409, 422),
)
def update_inquiry(inquiry_id: UUID, body: CorrectionRequest, agent: ActingAgent, db: Db) -> dict[str, object]:
    """Correct topic, language or priority, or add a note."""
    inquiry = _mine(db, agent, inquiry_id)
    changes = body.model_dump(exclude={"note"}, exclude_none=True)
    actions.correct(db, inquiry, agent, changes, body.note, now())
    return inquiries.detail(db, db.get_one(Person, agent.id), inquiry, now())


@router.post(
    "/inquiries/{inquiry_id}/cpr/{n}/reveal", tags=["agents"], responses=problems(401, 403, 404, 409, 422, 503)
)
def create_reveal(
    inquiry_id: UUID, n: CprNumber, agent: ActingAgent, db: Db, answer: Response, body: CprRequest | None = None
) -> RevealedCpr:
    """The CPR number that was taken out of what was written (from 1 on) or that the citizen gave (0), where it is kept.

    Only while the inquiry is in your hands; each look is journalled.
    """
    answer.headers["Cache-Control"] = "no-store"
    reason = body.reason if body else None
    return RevealedCpr(number=identity.reveal(db, _mine(db, agent, inquiry_id), agent, n, reason, now()))


@router.post(
    "/inquiries/{inquiry_id}/cpr/{n}/undo",
    status_code=204,
    tags=["agents"],
    responses=problems(401, 403, 404, 409, 422, 503),
)
def create_undo(inquiry_id: UUID, n: CprNumber, agent: ActingAgent, db: Db, body: CprRequest | None = None) -> None:
    """It was no CPR number: it comes back where it stood, as it was written.

    While the inquiry is in your hands, and for a day after it ended there.
    """
    identity.undo(db, _mine(db, agent, inquiry_id), agent, n, body.reason if body else None, now())


def _mine(db: Session, agent: Agent, inquiry_id: UUID) -> Inquiry:
    return guards.held_inquiry(db, agent.id, inquiry_id)


def _agent_called(db: Session, username: str) -> int:
    person = usernames.find(db, username)
    if person is None or db.get(Agent, person.id) is None:
        raise Invalid("there is no such agent")
    return person.id or 0


def _state(inquiry: Inquiry) -> StateAnswer:
    return StateAnswer(id=inquiry.id, state=inquiry.state)
