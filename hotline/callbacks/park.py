"""park(): an inquiry keeps its place while nobody is on the line, until its citizen may be rung."""

from datetime import datetime

from sqlmodel import Session

from hotline.clock import at, seconds
from hotline.directory.queries import load
from hotline.directory.snapshot import Directory
from hotline.inquiries.facts import CalledBack, Spent
from hotline.inquiries.journal import Worker
from hotline.inquiries.models import Inquiry
from hotline.inquiries.step import step
from hotline.policies import current_policy
from hotline.routing import timing


def park(
    session: Session,
    inquiry: Inquiry,
    call_from: datetime,
    now: datetime,
    *,
    again: bool = False,
    spent: Spent | None = None,
    by: Worker | None = None,
) -> None:
    """Park it until the citizen's municipality is open, at `call_from` (aware) or after; its row must be locked.

    `again`: that was promised before. Raises WrongState where it may not happen.
    """
    inquiry.call_from = next_open(
        load(session), inquiry.municipality, max(call_from, now), inquiry.topic, inquiry.outside
    )
    inquiry.agent_id, inquiry.wrapping_at, inquiry.flag = None, None, None
    inquiry.only_agent, inquiry.only_until = None, None
    parked = CalledBack(
        not_before=inquiry.call_from.isoformat(),
        again=again or None,
        attempts=inquiry.call_attempts or None,
        talk_seconds=spent["talk_seconds"] if spent else None,
        wrap_seconds=spent["wrap_seconds"] if spent else None,
    )
    step(session, inquiry, parked, now, by)


def not_answered(session: Session, inquiry: Inquiry, now: datetime, spent: Spent, by: Worker) -> bool:
    """The agent has rung in vain: parked once more by the policy, in nobody's hands. False where that is over.

    Nothing changes for what is no call-back.
    """
    if inquiry.call_from is None:
        return False
    inquiry.call_attempts += 1
    then = timing.rung_again_at(seconds(now), inquiry.call_attempts, current_policy())
    if then is None:
        return False
    park(session, inquiry, at(then), now, again=True, spent=spent, by=by)
    return True


def next_open(
    directory: Directory, municipality: str, moment: datetime, topic: str | None = None, is_outside: bool = False
) -> datetime:
    """The first moment from `moment` (aware) on at which this municipality's citizens are answered on this topic.

    One that has left every collaboration has no hours any more; its own agents answer. What came from outside goes by
    the hours of those who answer it.
    """
    if not directory.is_member(municipality, moment) and not (is_outside and directory.members(moment)):
        return moment
    return directory.opening(municipality, moment, topic) or moment
