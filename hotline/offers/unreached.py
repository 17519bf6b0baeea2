"""unreached(), rest(): an agent who was chosen cannot be rung."""

from datetime import datetime

from sqlmodel import Session

from hotline.agents.models import AgentWork
from hotline.clock import at, seconds
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer
from hotline.offers.actions import miss, withdraw
from hotline.policies import current_policy
from hotline.routing import timing


def unreached(session: Session, offer_id: int, reason: str, now: datetime, *, missed: bool) -> bool:
    """Take the offer back for this `reason` of ours, and give the agent a rest; false where it was answered before.

    A telephone at which nobody can be reached counts as a miss; one that is busy does not (`missed` false).
    """
    offer = session.get_one(Offer, offer_id)
    if not withdraw(session, offer_id, now, reason):
        return False
    rest(session, offer.agent_id, session.get_one(Inquiry, offer.inquiry_id), now, missed=missed)
    return True


def rest(session: Session, agent_id: int, inquiry: Inquiry, now: datetime, *, missed: bool) -> None:
    """The agent is offered nothing for a while: as after one miss, or, where this is one, after those so far."""
    if missed:
        miss(session, agent_id, inquiry, now)
        return
    work = session.get_one(AgentWork, agent_id, with_for_update=True, populate_existing=True)
    until = at(timing.rests_until(seconds(now), 1, current_policy()))
    work.rests_until = max(until, work.rests_until or until)
    session.add(work)
    session.flush()
