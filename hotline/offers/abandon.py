"""abandon(): the citizen hung up before anybody answered."""

from datetime import datetime

from sqlmodel import Session, col, select

from hotline.clock import seconds_between
from hotline.inquiries.arrival import counts_from
from hotline.inquiries.ended import forget_if_asked
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import Abandoned
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import PARKED, QUEUED, State
from hotline.inquiries.step import step
from hotline.live import wake_router_later
from hotline.offers.actions import take_back
from hotline.queue.enter import promised_seconds, take_place


def abandon(session: Session, inquiry: Inquiry, now: datetime) -> None:
    """End an inquiry that nobody has answered, and take back its offer. Said twice it is the same.

    Raises WrongState where an agent has it, the citizen is to be rung, or it ended in another way.
    """
    locked = session.get_one(Inquiry, inquiry.id, with_for_update=True, populate_existing=True)
    if locked.state == State.ABANDONED:
        return
    classified = locked.state != State.RECEIVED
    if locked.call_from is not None:
        raise WrongState("the citizen hung up to be rung", state=locked.state)
    take_back(session, locked, now, "citizen hung up")
    locked.ended_at = now
    forget_if_asked(session, locked)
    gone = Abandoned(
        received_at=counts_from(locked).isoformat(),
        wait_seconds=seconds_between(counts_from(locked), now),
        target_seconds=promised_seconds(locked),
        classified=classified,
        answered=locked.answered_at is not None,
    )
    step(session, locked, gone, now)
    give_place(session, locked)


def give_place(session: Session, given_up: Inquiry) -> None:
    """The same caller's next call, which came before we heard that this one was over, takes its place; so it does where
    the caller has asked to be rung by now."""
    is_open = col(Inquiry.state).in_((*QUEUED, *PARKED))
    follows = select(Inquiry).where(col(Inquiry.resumes) == given_up.id, is_open)
    following = session.exec(follows.with_for_update().execution_options(populate_existing=True)).first()
    if following is not None:
        take_place(following, given_up.queued_at, given_up.opened)
        session.add(following)
        wake_router_later(session)
