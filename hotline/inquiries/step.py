"""step(): what happens to an inquiry, by the table of steps: nothing else sets its state or writes its journal.

A statement that takes many inquiries through a step is made of `may`, `then` and `lines`, which read the same table.
"""

from dataclasses import fields
from datetime import datetime

from sqlmodel import Session

from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import Fact
from hotline.inquiries.journal import Worker, record
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import STEPS, Event, sql


def step(session: Session, inquiry: Inquiry, fact: Fact, now: datetime, by: Worker | None = None) -> None:
    """`fact` happens to the inquiry at `now` (aware), by this agent where it is one's doing; its row must be locked.

    What else changes with the state is to be set before, since all of it is written here. Raises WrongState where it
    may not happen, with nothing changed.
    """
    taken = STEPS[fact.EVENT]
    if inquiry.state not in taken.sources:
        raise WrongState(f"it is {inquiry.state}", state=inquiry.state)
    if taken.leads_to is not None:
        inquiry.state = taken.leads_to
    session.add(inquiry)
    session.flush()
    record(session, inquiry, fact, now, by)


def begin(session: Session, inquiry: Inquiry, fact: Fact, now: datetime) -> None:
    """A new inquiry is stored, and `fact` is how it began at `now` (aware); its state is where that leads to.

    Raises WrongState where no inquiry begins so, with nothing changed.
    """
    taken = STEPS[fact.EVENT]
    if taken.sources or inquiry.state != taken.leads_to:
        raise WrongState(f"it is {inquiry.state}", state=inquiry.state)
    session.add(inquiry)
    session.flush()
    record(session, inquiry, fact, now)


def may(event: Event) -> str:
    """The condition, as SQL reads it, under which this may happen to a row of `inquiry`."""
    return f"state IN {sql(STEPS[event].sources)}"


def then(event: Event) -> str:
    """The state, as SQL reads it, that this leads to."""
    return f"'{STEPS[event].leads_to}'"


def lines(
    fact: type[Fact], at: str, inquiry: str, by: str | None = None, came_by: str | None = None, **told: str
) -> str:
    """`INSERT INTO journal … SELECT …`, which lacks its FROM: a line for each row that `inquiry` names there.

    `at` is the moment, `by` names the agent's row where it is one's doing, `came_by` the channel where that is another
    than the inquiry's own, `told` the fact's members as SQL. Raises TypeError where the fact has no such member, or
    lacks one.
    """
    needed = {one.name for one in fields(fact)}
    if needed != told.keys():
        raise TypeError(f"{fact.__name__} tells {sorted(needed)}")
    who = f"{by}.id, {by}.municipality" if by else "NULL, NULL"
    members = ", ".join(f"'{name}', {value}" for name, value in told.items())
    about = ", ".join(f"{inquiry}.{name}" for name in ("id", "municipality", "topic"))
    channel = came_by or f"{inquiry}.channel"
    return f"""INSERT INTO journal (at, event, inquiry_id, municipality, topic, channel, agent_id, answering, data)
        SELECT {at}, '{fact.EVENT}', {about}, {channel}, {who}, jsonb_strip_nulls(jsonb_build_object({members}))"""
