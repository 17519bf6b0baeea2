"""talks(), ends(): whoever answered the telephone has the inquiry in hand, whomever it was offered to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.access.guards import KeyHolder
from hotline.agents.models import AgentWork, Presence
from hotline.callbacks.errors import NumberNotCalled
from hotline.callbacks.numbers import number_to_call
from hotline.callbacks.promise import request
from hotline.clock import seconds_between
from hotline.db import being
from hotline.directory.models import Agent
from hotline.handling import actions
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import Closed, Offered
from hotline.inquiries.models import Citizen, Inquiry, Outcome
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import HELD, QUEUED, State
from hotline.inquiries.step import step
from hotline.offers import actions as offers
from hotline.offers.abandon import abandon
from hotline.offers.end import end_untaken
from hotline.offers.errors import OfferGone
from hotline.offers.give_back import give_back
from hotline.offers.hands import let_go
from hotline.privacy.vault import unsealed
from hotline.statistics.counting import SHORT_SECONDS
from hotline.tenant import at_work

ANSWERED_ELSEWHERE = "answered on another telephone"
SILENT = "no sign of life of the call"
# A call takes the agent whole. Who has something in hand already, as far as we know, has no hand for it.
STILL_FREE = text("""
    UPDATE agent_work SET load = capacity, misses = 0, rests_until = NULL WHERE agent_id = :agent AND load = 0
    RETURNING capacity
""")


def talks(session: Session, inquiry: Inquiry, agent: Agent | None, now: datetime) -> None:
    """This agent, or somebody who is none (None), talks with the citizen since `now`; nobody else has it any more.

    What somebody answers who is no agent, or has no room for it by what is known here, ends for the hotline with that
    answer: the outcome is `other`, and the line says which agent it was. One that is in nobody's hands and in no queue
    is left as it is. Its row must be locked and read by the classifier.
    """
    if inquiry.state in HELD:
        if agent is None or inquiry.agent_id == agent.id:
            return
        give_back(session, inquiry, now, ANSWERED_ELSEWHERE)
    if inquiry.state not in QUEUED or inquiry.call_from is not None:
        return
    if agent is None:
        end_untaken(session, inquiry, Outcome.OTHER, now, ANSWERED_ELSEWHERE)
    elif not _accepts(session, inquiry, agent, now):
        offers.take_back(session, inquiry, now, ANSWERED_ELSEWHERE)
        capacity = session.execute(STILL_FREE, {"agent": agent.id}).scalar_one_or_none()
        if capacity is None:
            end_untaken(session, inquiry, Outcome.OTHER, now, ANSWERED_ELSEWHERE, by=agent)
        else:
            _takes(session, inquiry, agent, capacity, now)


def ends(session: Session, inquiry: Inquiry, now: datetime, forwarded: bool = False, calls_back: bool = False) -> None:
    """The call was over at `now`: nobody had answered, or the talk has ended. Its row must be locked.

    What was `forwarded` unanswered goes on elsewhere; a citizen whose number says `calls_back` is rung at theirs, if
    that is one to ring. Of an agent who is not signed in nobody waits for a closure.
    """
    if inquiry.state in QUEUED and inquiry.call_from is None:
        if forwarded:
            end_untaken(session, inquiry, Outcome.REFERRED, now, ANSWERED_ELSEWHERE)
        elif not (calls_back and _is_rung(session, inquiry, now)):
            abandon(session, inquiry, now)
    elif inquiry.state == State.HANDLING and inquiry.agent_id is not None:
        agent = session.get_one(Agent, inquiry.agent_id)
        actions.wrap_up(session, inquiry, agent, now)
        work = session.get_one(AgentWork, agent.id, populate_existing=True)
        if not work.connected or work.presence == Presence.OFFLINE:
            _closes(session, inquiry, agent, now)


def goes_silent(session: Session, inquiry: Inquiry, now: datetime) -> None:
    """Nothing was heard of the call for so long that nobody can be there; whoever has it in hand sees to it."""
    if inquiry.state in QUEUED and inquiry.call_from is None:
        end_untaken(session, inquiry, Outcome.NO_ANSWER, now, SILENT)


def locked(session: Session, inquiry_id: UUID) -> Inquiry:
    """The inquiry, its row locked until the transaction ends."""
    wanted = select(Inquiry).where(col(Inquiry.id) == inquiry_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def _accepts(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> bool:
    """Whether it was offered to this agent, who has taken it by that."""
    theirs = select(Offer.id).where(
        col(Offer.inquiry_id) == inquiry.id, col(Offer.agent_id) == agent.id, col(Offer.state) == OfferState.OPEN
    )
    offer_id = session.exec(theirs).first()
    if offer_id is None:
        return False
    try:
        with being(session, lambda _: at_work(f"person {agent.id}", agent.id)):
            offers.accept(session, offer_id, agent, now)
    except (OfferGone, WrongState):  # the telephone was answered all the same
        return False
    return True


def _takes(session: Session, inquiry: Inquiry, agent: Agent, capacity: int, now: datetime) -> None:
    """As if it had been offered and accepted in one moment, which the journal then tells."""
    offer = Offer(
        inquiry_id=inquiry.id,
        agent_id=agent.id,
        units=capacity,
        is_call=True,
        state=OfferState.ACCEPTED,
        reason=ANSWERED_ELSEWHERE,
        made_at=now,
        lapses_at=now,
        answered_at=now,
    )
    session.add(offer)
    session.flush()
    assert offer.id is not None
    step(session, inquiry, Offered(offer.id, now.isoformat()), now, by=agent)
    with being(session, lambda _: at_work(f"person {agent.id}", agent.id)):
        offers.hold(session, inquiry, agent, offer.id, now)


def _is_rung(session: Session, inquiry: Inquiry, now: datetime) -> bool:
    """Park it to be rung, as if the citizen had asked for it; false where their number is withheld or not rung.

    Who hung up at once has dialled wrongly. Who is promised a call already gets that one.
    """
    citizen = session.get(Citizen, inquiry.id)
    phone = unsealed(citizen.phone, "phone") if citizen else None
    if not phone or seconds_between(inquiry.received_at, now) < SHORT_SECONDS:
        return False
    caller = KeyHolder(inquiry.integrator_id, "", frozenset(), frozenset())
    try:
        request(session, caller, inquiry.id, number_to_call(phone), None, now)
    except NumberNotCalled:
        return False
    return True


def _closes(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> None:
    talked = seconds_between(inquiry.answered_at or now, now)
    inquiry.ended_at, inquiry.outcome = now, Outcome.OTHER
    step(session, inquiry, Closed(talked, 0.0, str(Outcome.OTHER), first_contact=False), now, by=agent)
    let_go(session, inquiry, agent, now)
