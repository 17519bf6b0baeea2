"""end_untaken(): what nobody has in hand ends without being taken, told apart from a citizen who left."""

from datetime import datetime

from sqlmodel import Session

from hotline.inquiries.arrival import counts_from
from hotline.inquiries.ended import forget_if_asked
from hotline.inquiries.facts import Closed
from hotline.inquiries.journal import Worker
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.step import step
from hotline.offers.actions import take_back


def end_untaken(
    session: Session, inquiry: Inquiry, outcome: Outcome, now: datetime, reason: str, by: Worker | None = None
) -> None:
    """It is closed with this outcome; what is offered is taken back for this `reason`. Its row must be locked.

    `by` is the agent who saw to it elsewhere, if one did. Raises WrongState where somebody has it, or it has ended.
    """
    take_back(session, inquiry, now, reason)
    unread = inquiry.topic is None or inquiry.deadline is None
    inquiry.ended_at, inquiry.outcome = now, outcome
    forget_if_asked(session, inquiry)
    came = counts_from(inquiry).isoformat() if unread else None
    step(session, inquiry, Closed(0.0, 0.0, str(outcome), first_contact=False, received_at=came), now, by)
