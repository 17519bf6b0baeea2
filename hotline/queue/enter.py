"""enter(): the one way into the queue, the first time and every time after."""

from datetime import datetime

from sqlmodel import Session, col, select

from hotline.clock import at, seconds
from hotline.inquiries.facts import Fact
from hotline.inquiries.journal import Worker
from hotline.inquiries.models import LIVE_CHANNELS, Inquiry
from hotline.inquiries.states import State
from hotline.inquiries.step import step
from hotline.live import wake_router_later
from hotline.policies import current_policy
from hotline.queue.opening import open_anew
from hotline.routing import timing
from hotline.routing.model import ANY_LANGUAGE
from hotline.routing.together import Opened, Together


def enter(
    session: Session,
    inquiry: Inquiry,
    fact: Fact,
    now: datetime,
    who: Together,
    by: Worker | None = None,
    only_agent: int | None = None,
) -> None:
    """By this fact the inquiry waits, at the age it has, in nobody's hands, for whoever speaks its language.

    For `only_agent`, where one is given, it is kept for a while. `who` are those who answer together now, `by` the
    agent whose doing it is. Raises WrongState where that fact does not lead into the queue from where the inquiry is.
    """
    policy = current_policy()
    if inquiry.resumes is not None:
        earlier = select(Inquiry.state, Inquiry.queued_at, Inquiry.opened).where(col(Inquiry.id) == inquiry.resumes)
        state, queued_at, opened = session.exec(earlier).one()
        inquiry.opened = _further(inquiry.opened, opened)
        if state == State.ABANDONED:  # perhaps told while this one was on its way
            take_place(inquiry, queued_at, opened)
    inquiry.speaks = inquiry.language or ANY_LANGUAGE
    open_anew(inquiry, who, now)
    set_deadline(inquiry)
    inquiry.only_agent = only_agent
    inquiry.only_until = None if only_agent is None else at(timing.kept_until(seconds(now), policy))
    inquiry.agent_id, inquiry.wrapping_at = None, None
    step(session, inquiry, fact, now, by)
    wake_router_later(session)


def take_place(inquiry: Inquiry, queued_at: datetime, opened: Opened) -> None:
    """It is as old as an earlier call of the same caller that was given up, and as far open."""
    inquiry.queued_at = min(inquiry.queued_at, queued_at)
    inquiry.opened = _further(inquiry.opened, opened)
    if inquiry.widens_at is not None:
        inquiry.widens_at = inquiry.queued_at  # which is due: the router's next pass opens it as far as it is by then
    if inquiry.deadline is not None:
        set_deadline(inquiry)


def _further(one: Opened, other: Opened) -> dict[str, float | None]:
    """What either has opened, since the earlier of two moments."""
    found = dict(one)
    for number, since in other.items():
        had = found.get(number, since)
        found[number] = None if since is None or had is None else min(since, had)
    return found


def set_deadline(inquiry: Inquiry) -> None:
    """When it should have been answered, by the age and the priority that it has."""
    live = inquiry.channel in LIVE_CHANNELS
    inquiry.deadline = at(timing.deadline(seconds(inquiry.queued_at), live, inquiry.priority, current_policy()))


def promised_seconds(inquiry: Inquiry) -> float:
    """Within how many seconds of its arrival it is to be answered: what the router aims at and figures judge by."""
    return current_policy().answer_within(inquiry.channel in LIVE_CHANNELS, inquiry.priority)
