"""reopen(): who closed an inquiry by mistake, or too early, has it in hand again on the same day."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.clock import danish
from hotline.db import rows_changed
from hotline.directory.models import Agent
from hotline.handling.errors import NoRoom
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import Reopened
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import State
from hotline.inquiries.step import step
from hotline.live import tell_agents_later
from hotline.offers.hands import first_contact

# What the offer held of the agent it holds again, where they have so much room.
HOLD = text("""
    UPDATE agent_work SET load = load + :units WHERE agent_id = :agent AND load + :units <= capacity
""")
TAKE = text("UPDATE offer SET released_at = NULL WHERE id = :offer AND released_at IS NOT NULL")


def reopen(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> None:
    """Back into its wrap-up, for whoever closed it, until the end of that day. Its row must be locked.

    Raises WrongState where it is not closed by this agent today, or its texts are erased; NoRoom where they have too
    much in hand.
    """
    ended = inquiry.ended_at
    if inquiry.state != State.CLOSED or inquiry.agent_id != agent.id or ended is None or inquiry.texts_erased_at:
        raise WrongState(f"it is {inquiry.state} and not for you to reopen", state=inquiry.state)
    if danish(ended).date() != danish(now).date():
        raise WrongState("it was closed on another day", state=inquiry.state)
    taken = select(Offer).where(
        col(Offer.inquiry_id) == inquiry.id, col(Offer.agent_id) == agent.id, col(Offer.state) == OfferState.ACCEPTED
    )
    offer = session.exec(taken.order_by(col(Offer.id).desc())).first()
    if offer is None:
        raise WrongState("it was never in your hands", state=inquiry.state)
    if not rows_changed(session, HOLD, {"agent": agent.id, "units": offer.units}):
        raise NoRoom
    if not rows_changed(session, TAKE, {"offer": offer.id}):
        raise WrongState("somebody has it by now", state=inquiry.state)
    undone = Reopened(ended.isoformat(), str(inquiry.outcome), first_contact(session, inquiry))
    inquiry.ended_at = inquiry.outcome = None
    inquiry.answered_at = inquiry.wrapping_at = now  # what was spent until then is counted already
    step(session, inquiry, undone, now, by=agent)
    tell_agents_later(session, [agent.id])
