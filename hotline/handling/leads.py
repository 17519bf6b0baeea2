"""release, close, transfer, hand_over: what is in somebody's hands is taken out of them by who may do that.

What waits and nobody can take (queue/in_vain.py) they may close and hand over as well. That is the secretariat, a team
lead, or an operator's command; the journal says which of them. What they write is a note like any other, so it goes
with the texts.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from hotline.db import on_behalf_of
from hotline.directory.models import Agent, Person
from hotline.handling import actions
from hotline.inquiries.ended import forget_if_asked
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import Closed, Fact, HandedOver, TakenOver
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.states import HELD
from hotline.inquiries.step import step
from hotline.offers.give_back import give_back
from hotline.queue.in_vain import waits_in_vain


def release(session: Session, inquiry: Inquiry, lead: int | None, reason: str, now: datetime) -> None:
    """Back to the queue at its age. `lead` is the person, none an operator. Raises WrongState if in nobody's hands."""
    holder(session, inquiry)
    actions.write_note(session, inquiry, lead, reason, now)
    give_back(session, inquiry, now)


def close(
    session: Session, inquiry: Inquiry, lead: int | None, outcome: Outcome, note: str | None, now: datetime
) -> None:
    """The work has ended, though not by who has it. Raises WrongState if in nobody's hands and somebody can take it."""
    agent = _taken_from(session, inquiry, lead, note, now)
    if agent is not None:
        actions.close(session, inquiry, agent, outcome, None, now)
    else:
        inquiry.outcome = outcome
        _end_untaken(session, inquiry, Closed(0.0, 0.0, str(outcome), first_contact=False), now)


def transfer(
    session: Session,
    inquiry: Inquiry,
    lead: int | None,
    topic: str | None,
    to_agent: int | None,
    note: str | None,
    now: datetime,
) -> None:
    """To another topic or agent. Raises what `actions.transfer` raises."""
    holder(session, inquiry)
    agent = _taken_from(session, inquiry, lead, note, now)
    assert agent is not None
    actions.transfer(session, inquiry, agent, topic, to_agent, None, now)


def hand_over(session: Session, inquiry: Inquiry, lead: int | None, note: str | None, now: datetime) -> None:
    """The citizen's own municipality goes on with the case. Raises WrongState as `close` does."""
    agent = _taken_from(session, inquiry, lead, note, now)
    if agent is not None:
        actions.hand_over(session, inquiry, agent, None, now)
    else:
        _end_untaken(session, inquiry, HandedOver(0.0, 0.0), now)


def holder(session: Session, inquiry: Inquiry, called: str | None = None) -> Agent:
    """The agent who has it. Raises WrongState where nobody has, or another one than who is `called` so (user name)."""
    if inquiry.state not in HELD or inquiry.agent_id is None:
        raise WrongState(f"it is {inquiry.state} and in nobody's hands", state=inquiry.state)
    if called is not None:
        has_it = session.exec(select(Person.username).where(col(Person.id) == inquiry.agent_id)).one()
        if has_it != called:
            raise WrongState("somebody else has it by now", state=inquiry.state)
    return session.get_one(Agent, inquiry.agent_id)


def _taken_from(session: Session, inquiry: Inquiry, lead: int | None, note: str | None, now: datetime) -> Agent | None:
    """The agent who had it; None where it waits and nobody can take it."""
    agent = None if waits_in_vain(session, inquiry, now) else holder(session, inquiry)
    actions.write_note(session, inquiry, lead, note, now)
    step(session, inquiry, TakenOver(on_behalf_of(session)), now, by=agent)
    return agent


def _end_untaken(session: Session, inquiry: Inquiry, fact: Fact, now: datetime) -> None:
    inquiry.ended_at = now
    step(session, inquiry, fact, now)
    forget_if_asked(session, inquiry)
