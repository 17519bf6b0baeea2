"""reveal, undo: what an agent may do with the CPR numbers that were taken out of what was written."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from hotline.directory.models import Agent
from hotline.errors import Invalid, NotFound, NotReady
from hotline.inquiries.errors import WrongState
from hotline.inquiries.guards import holds
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Citizen, Inquiry
from hotline.inquiries.notes import Note
from hotline.live import tell_agents_later
from hotline.privacy.hits import MESSAGE, NOTE, TEXT, put_back, put_back_into_attributes
from hotline.privacy.lookups import looked
from hotline.privacy.models import KeptCpr, Look
from hotline.privacy.retention import UNDO_HOURS
from hotline.privacy.vault import Unreadable, unseal

GIVEN = 0  # the number that came in the citizen's own field; those that were taken out count from 1


def reveal(session: Session, inquiry: Inquiry, agent: Agent, n: int, why: str | None, now: datetime) -> str:
    """The number `n` of this inquiry as it was written, and a line in the journal of look-ups.

    Raises WrongState where the inquiry is not in hand, NotFound where no such number is there to be shown.
    """
    if not holds(inquiry, agent.id):
        raise WrongState(f"it is {inquiry.state} and not in your hands", state=inquiry.state)
    if n == GIVEN:
        citizen = session.get(Citizen, inquiry.id)
        number = _open(citizen.cpr if citizen else None, "cpr")
    else:
        kept = _kept(session, inquiry, n)
        number = _open(kept.sealed if kept.may_reveal else None, "kept_cpr")
    looked(session, Look.REVEALED, why, inquiry.id)
    return number


def undo(session: Session, inquiry: Inquiry, agent: Agent, n: int, why: str | None, now: datetime) -> None:
    """It was no CPR number: put it back where it stood as it was written, keep nothing of it, and journal that.

    For who has the inquiry in hand, or ended it less than a day ago. Raises WrongState for others, NotFound where
    nothing is there to put back (any more), Invalid for the one that came in the citizen's own field.
    """
    if inquiry.agent_id != agent.id:
        raise WrongState(f"it is {inquiry.state} and not in your hands", state=inquiry.state)
    if inquiry.ended_at is not None and inquiry.ended_at <= undone_since(now):
        raise WrongState(f"it ended more than {UNDO_HOURS} hours ago", state=inquiry.state)
    if n == GIVEN:
        raise Invalid("it was given as a CPR number and stands in no text")
    kept = _kept(session, inquiry, n)
    undone_before = session.exec(
        select(func.count()).where(
            col(KeptCpr.inquiry_id) == inquiry.id,
            col(KeptCpr.place) == kept.place,
            col(KeptCpr.position) < kept.position,
            col(KeptCpr.false_hit),
        )
    ).one()
    try:
        _put_back(session, inquiry, kept.place, kept.position - undone_before, _open(kept.sealed, "kept_cpr"))
    except LookupError as error:  # what was written has been erased meanwhile
        raise NotFound from error
    kept.sealed, kept.number_hash, kept.false_hit = None, None, True
    session.add(kept)
    looked(session, Look.UNDONE, why, inquiry.id)
    tell_agents_later(session, [agent.id])


def undone_since(now: datetime) -> datetime:
    """What ended by then is over: retention takes it away, and whoever asks before that is held to it as well."""
    return now - timedelta(hours=UNDO_HOURS)


def _kept(session: Session, inquiry: Inquiry, n: int) -> KeptCpr:
    kept = session.get(KeptCpr, (inquiry.id, n))
    if kept is None or kept.false_hit:
        raise NotFound
    return kept


def _open(sealed: bytes | None, field: str) -> str:
    if sealed is None:
        raise NotFound
    try:
        return unseal(sealed, field)
    except Unreadable as error:
        raise NotReady("the key that it was sealed with is not in the key ring") from error


def _put_back(session: Session, inquiry: Inquiry, place: str, token: int, words: str) -> None:
    if place == TEXT:
        inquiry.text = put_back(inquiry.text, token, words)
    elif place.startswith((NOTE, MESSAGE)):
        id = int(place.partition(":")[2])
        written = session.get(Note, id) if place.startswith(NOTE) else session.get(Message, id)
        if written is None:
            raise LookupError(place)
        written.text = put_back(written.text, token, words)
        session.add(written)
    else:
        inquiry.attributes = put_back_into_attributes(inquiry.attributes, place, token, words)
    session.add(inquiry)
