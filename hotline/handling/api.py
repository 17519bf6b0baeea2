"""The inquiry in hand over HTTP: wrap up, close, transfer, correct, and its CPR numbers."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from hotline.access.guards import ActingAgent, ActingHand, ActingLead
from hotline.clock import now
from hotline.db import Db
from hotline.directory import usernames
from hotline.directory.models import Agent, Person
from hotline.errors import Invalid
from hotline.handling import actions, cpr_numbers, drafts, leads
from hotline.handling.assignment import assign
from hotline.handling.reopen import reopen
from hotline.handling.requests import (
    AssignmentRequest,
    ClosureRequest,
    CorrectionRequest,
    CprNumber,
    CprRequest,
    DraftRequest,
    ReleaseRequest,
    RevealedCpr,
    TransferRequest,
)
from hotline.inquiries import reading as inquiries
from hotline.inquiries.answers import InquiryDetail, StateAnswer
from hotline.inquiries.guards import Held, InHand, Led
from hotline.inquiries.models import Inquiry
from hotline.web.problems import problems
from hotline.web.shown import Shown
from hotline.web.templates import page

router = APIRouter(tags=["agents"], route_class=Shown)


@router.post("/inquiries/{inquiry_id}/wrap-up", responses=problems(401, 403, 404, 409, 422))
def create_wrap_up(inquiry: Held, agent: ActingAgent, db: Db) -> StateAnswer:
    """The talk has ended, the work has not."""
    actions.wrap_up(db, inquiry, agent, now())
    return _state(inquiry)


@router.put("/inquiries/{inquiry_id}/draft", status_code=204, responses=problems(401, 403, 404, 409, 422))
def update_draft(inquiry: Held, body: DraftRequest, agent: ActingAgent, db: Db) -> None:
    """Keep what I am writing, for my other consoles and for after a crash; `inquiry.draft` in /me shows it.

    It goes once the note is written or the inquiry leaves my hands; nobody else reads it. CPR numbers are not kept.
    """
    drafts.draft(db, inquiry, agent, body.note, body.outcome, now())


@router.post("/inquiries/{inquiry_id}/closure", responses=problems(401, 403, 404, 409, 422))
def create_closure(inquiry: InHand, body: ClosureRequest, hand: ActingHand, db: Db) -> StateAnswer:
    """The work has ended, with or without a wrap-up before; for what somebody else has, the lead's word is enough.

    So it is for what waits and nobody can take: its topic is no longer open, or nobody who answers there has the skill.
    """
    if body.held_by is not None:
        leads.holder(db, inquiry, body.held_by)
    if isinstance(hand, Agent):
        actions.close(db, inquiry, hand, body.outcome, body.note, now())
    else:
        leads.close(db, inquiry, hand.id, body.outcome, body.note, now())
    return _state(inquiry)


@router.delete("/inquiries/{inquiry_id}/closure", responses=problems(401, 403, 404, 409, 422))
def delete_closure(inquiry: Held, agent: ActingAgent, db: Db) -> StateAnswer:
    """Take back my closure of today: it is in my hands again, in its wrap-up, if I have room."""
    reopen(db, inquiry, agent, now())
    return _state(inquiry)


@router.post("/inquiries/{inquiry_id}/release", responses=problems(401, 403, 404, 409, 422))
def create_release(inquiry: Led, body: ReleaseRequest, lead: ActingLead, db: Db) -> StateAnswer:
    """Out of the hands of who has it, and back to the queue at its age.

    For the secretariat, and for team leads where the agent or the citizen is of their own municipality.
    """
    leads.holder(db, inquiry, body.agent)
    leads.release(db, inquiry, lead.id, body.reason, now())
    return _state(inquiry)


@router.post("/inquiries/{inquiry_id}/assignment", responses=problems(401, 403, 404, 409, 422))
def create_assignment(inquiry: Led, body: AssignmentRequest, lead: ActingLead, db: Db) -> StateAnswer:
    """Offered to this agent alone at its age, out of the queue or out of whosever hands it is in.

    They answer it as any other offer; refused or missed, it goes to all. For those who may release it. 409 says why the
    agent cannot take it: away, on a break, full, without the topic, of a municipality that does not answer there.
    """
    assign(db, inquiry, lead.id, _agent_called(db, body.agent), body.reason, now())
    return _state(inquiry)


@router.post("/inquiries/{inquiry_id}/transfer", responses=problems(401, 403, 404, 409, 422))
def create_transfer(inquiry: InHand, body: TransferRequest, hand: ActingHand, db: Db) -> StateAnswer:
    """To another topic or agent, at its original age; or to the citizen's own municipality, where it ends for us.

    Who leads may hand over what waits and nobody can take as well.
    """
    if body.held_by is not None:
        leads.holder(db, inquiry, body.held_by)
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
    responses=problems(401, 403, 404, 409, 422),
)
def update_inquiry(inquiry: Held, body: CorrectionRequest, agent: ActingAgent, db: Db) -> dict[str, object]:
    """Correct topic, language or priority, or add a note."""
    changes = body.model_dump(exclude={"note"}, exclude_none=True)
    actions.correct(db, inquiry, agent, changes, body.note, now())
    return inquiries.detail(db, db.get_one(Person, agent.id), inquiry, now())


@router.post(
    "/inquiries/{inquiry_id}/cpr/{n}/reveal",
    response_model=RevealedCpr,
    responses=problems(401, 403, 404, 409, 422, 503),
)
def create_reveal(
    request: Request, inquiry: Held, n: CprNumber, agent: ActingAgent, db: Db, body: CprRequest | None = None
) -> Response:
    """The CPR number that was taken out of what was written (from 1 on) or that the citizen gave (0), where it is kept.

    Only while the inquiry is in your hands; each look is journalled.
    """
    number = cpr_numbers.reveal(db, inquiry, agent, n, body.reason if body else None, now())
    if "hx-request" in request.headers:
        return page(request, "handling/_cpr_number.html", inquiry_id=inquiry.id, n=n, number=number)
    return JSONResponse({"number": number}, headers={"Cache-Control": "no-store"})


@router.post(
    "/inquiries/{inquiry_id}/cpr/{n}/undo",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422, 503),
)
def create_undo(inquiry: Held, n: CprNumber, agent: ActingAgent, db: Db, body: CprRequest | None = None) -> None:
    """It was no CPR number: it comes back where it stood, as it was written.

    While the inquiry is in your hands, and for a day after it ended there.
    """
    cpr_numbers.undo(db, inquiry, agent, n, body.reason if body else None, now())


def _agent_called(db: Session, username: str) -> int:
    person = usernames.bearer(db, username)
    if person is None or db.get(Agent, person.id) is None:
        raise Invalid("there is no such agent")
    return person.id or 0


def _state(inquiry: Inquiry) -> StateAnswer:
    return StateAnswer(id=inquiry.id, state=inquiry.state)
