"""reveal, undo: what an agent may do with the CPR numbers that were taken out of the inquiry in hand."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from hotline.directory.models import Agent
from hotline.errors import Invalid, NotFound, NotReady, WrongState
from hotline.intake.models import Citizen, Inquiry
from hotline.live import tell_agents_later
from hotline.offers.guards import holds
from hotline.privacy.cpr import TOKEN
from hotline.privacy.lookups import by_person
from hotline.privacy.models import KeptCpr, Look
from hotline.privacy.vault import Unreadable, unseal

GIVEN = 0  # the number that came in the citizen's own field; those of the text count from 1


def reveal(session: Session, inquiry: Inquiry, agent: Agent, n: int, why: str | None, now: datetime) -> str:
    """The number `n` of this inquiry as it was written, and a line in the journal of look-ups.

    Raises WrongState where the inquiry is not in hand, NotFound where no such number is kept.
    """
    _must_hold(inquiry, agent)
    if n == GIVEN:
        citizen = session.get(Citizen, inquiry.id)
        number = _open(citizen.cpr if citizen else None, "cpr")
    else:
        number = _open(_kept(session, inquiry, n).sealed, "kept_cpr")
    by_person(session, agent.id, Look.REVEALED, inquiry.id, now, why)
    return number


def undo(session: Session, inquiry: Inquiry, agent: Agent, n: int, why: str | None, now: datetime) -> None:
    """It was no CPR number: put it back into the text as it was written, keep nothing of it, and journal that.

    Raises WrongState where the inquiry is not in hand, NotFound where no such number is kept, Invalid for the one that
    came in the citizen's own field.
    """
    _must_hold(inquiry, agent)
    if n == GIVEN:
        raise Invalid("it was given as a CPR number and stands in no text")
    kept = _kept(session, inquiry, n)
    undone_before = session.exec(
        select(func.count()).where(
            col(KeptCpr.inquiry_id) == inquiry.id,
            col(KeptCpr.field) == kept.field,
            col(KeptCpr.position) < kept.position,
            col(KeptCpr.false_hit),
        )
    ).one()
    inquiry.text = _put_back(inquiry.text, kept.position - undone_before, _open(kept.sealed, "kept_cpr"))
    kept.sealed, kept.number_hash, kept.false_hit = None, None, True
    session.add(inquiry)
    session.add(kept)
    by_person(session, agent.id, Look.UNDONE, inquiry.id, now, why)
    tell_agents_later(session, [agent.id])


def _must_hold(inquiry: Inquiry, agent: Agent) -> None:
    if not holds(inquiry, agent.id):
        raise WrongState(f"it is {inquiry.state} and not in your hands", state=inquiry.state)


def _kept(session: Session, inquiry: Inquiry, n: int) -> KeptCpr:
    kept = session.get(KeptCpr, (inquiry.id, "text", n - 1))
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


def _put_back(text: str, token: int, words: str) -> str:
    """The text with its token number `token` (from 0) replaced by `words`."""
    parts = text.split(TOKEN)
    return TOKEN.join([*parts[:token], parts[token] + words + parts[token + 1], *parts[token + 2 :]])
