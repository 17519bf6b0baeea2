"""step(): what happens to an inquiry, by the table of steps: nothing else sets its state or writes its journal."""

from datetime import datetime

from sqlmodel import Session

from hotline.errors import WrongState
from hotline.inquiries.facts import Fact
from hotline.inquiries.journal import Worker, record
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import STEPS


def step(session: Session, inquiry: Inquiry, fact: Fact, now: datetime, by: Worker | None = None) -> None:
    """`fact` happens to the inquiry at `now` (aware), by this agent where it is one's doing; its row must be locked.

    What else changes with the state is to be set before, since all of it is written here. Raises WrongState where it
    may not happen, with nothing changed.
    """
    taken = STEPS[fact.EVENT]
    if inquiry.state not in taken.sources:
        raise WrongState(f"it is {inquiry.state}", state=inquiry.state)
    if taken.target is not None:
        inquiry.state = taken.target
    session.add(inquiry)
    session.flush()
    record(session, inquiry, fact, now, by)
