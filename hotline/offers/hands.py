"""let_go(), spent(), first_contact(): an inquiry leaves an agent's hands, and what was done in them so far."""

from datetime import datetime

from sqlalchemy import bindparam, text
from sqlmodel import Session, col, func, select

from hotline.agents.models import AgentWork, Presence
from hotline.agents.presence import GONE, OFF_DUTY, SINCE
from hotline.clock import seconds_between
from hotline.directory.models import Agent
from hotline.inquiries.ended import forget_if_asked
from hotline.inquiries.facts import Spent
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.live import tell_agents_later
from hotline.offers.actions import release_of

WENT = text(f"SELECT {SINCE.format(agent=':agent', are=GONE)}")
DRAFTS = text("DELETE FROM note_draft WHERE inquiry_id = :inquiry")
WENT_OFF_DUTY = text(f"SELECT {SINCE.format(agent=':agent', are=OFF_DUTY)}")

TAKEN = select(func.count()).where(
    col(Offer.inquiry_id) == bindparam("inquiry"), col(Offer.state) == OfferState.ACCEPTED
)


def let_go(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> None:
    """The agent has room again; who has it from now on, if anybody, the caller says. Its row must be locked.

    What they were still writing goes: whoever comes next reads what was written to be read.
    """
    session.add(inquiry)
    session.flush()
    release_of(session, inquiry, now)
    session.execute(DRAFTS, {"inquiry": inquiry.id})
    forget_if_asked(session, inquiry)
    tell_agents_later(session, [agent.id])


def spent(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> Spent:
    """Seconds of talk and of wrap-up in these hands; of an agent who is gone or left it when off duty, until then."""
    begun = inquiry.answered_at or now
    until = now
    work = session.get_one(AgentWork, agent.id, populate_existing=True)
    left = inquiry.flag is not None and work.presence == Presence.OFFLINE
    if left or not work.connected:
        went = WENT_OFF_DUTY if work.connected else WENT
        until = max(begun, session.execute(went, {"agent": agent.id}).scalar_one_or_none() or now)
    talked_until = min(inquiry.wrapping_at or until, until)
    return {
        "talk_seconds": seconds_between(begun, talked_until),
        "wrap_seconds": seconds_between(talked_until, until),
    }


def first_contact(session: Session, inquiry: Inquiry) -> bool:
    """Whether one agent has done it all in one contact with the citizen: what is in hand was never in any before.

    So it is not after a transfer, a release, or a talk that ended in the promise of a call-back; a call that the
    citizen did not answer was no contact.
    """
    return session.exec(TAKEN, params={"inquiry": inquiry.id}).one() - inquiry.call_attempts == 1
