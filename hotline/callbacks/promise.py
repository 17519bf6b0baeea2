"""request, promise: a citizen is to be called back, by what a phone system hears or an agent has told them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from hotline.access.guards import KeyHolder
from hotline.callbacks.errors import CallbackPromised
from hotline.callbacks.park import park
from hotline.clock import seconds
from hotline.directory.models import Agent
from hotline.directory.together import together
from hotline.errors import Invalid
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import Spent
from hotline.inquiries.guards import may_see
from hotline.inquiries.models import Citizen, Inquiry, Outcome
from hotline.inquiries.states import OPEN, PARKED, QUEUED, State, sql
from hotline.intake.draft import sealed
from hotline.intake.requests import CitizenIn
from hotline.offers.actions import take_back
from hotline.offers.end import end_untaken
from hotline.policies import current_policy
from hotline.routing import timing

# Whoever does something about a number waits for whoever does so just now; intake takes the same lock (store.py).
IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:hash, 0))")
# One whose citizen has rung meanwhile is as good as over (due.py).
SAME = text(f"""
    SELECT i.id FROM citizen c JOIN inquiry i ON i.id = c.inquiry_id
    WHERE c.phone_hash = :hash AND i.call_from IS NOT NULL AND i.state IN {sql(OPEN)}
      AND i.municipality = ANY(:together) AND i.id <> :this
      AND NOT EXISTS (SELECT 1 FROM inquiry f WHERE f.resumes = i.id)
    ORDER BY i.id LIMIT 1
""")


def request(
    session: Session, caller: KeyHolder, inquiry_id: UUID, number: str, not_before: datetime | None, now: datetime
) -> Inquiry:
    """The citizen of a waiting inquiry is to be rung at `number` (see number_to_call); the line is freed.

    Gives the call-back. Said twice it is the same; where this number is to be called back already, by whichever
    municipality that answers together with this one, it is that one, and this inquiry ends as a duplicate of it.
    Raises WrongState where nobody waits in it, Invalid where `not_before` is too far ahead.
    """
    inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True, populate_existing=True)
    columns = sealed(CitizenIn(phone=number))
    if inquiry.call_from is not None and inquiry.state in (*PARKED, *QUEUED):
        if _hash_of(session, inquiry) != columns["phone_hash"]:
            raise WrongState("it is to be called back at another number", state=inquiry.state)
        return inquiry
    is_over = inquiry.state == State.CLOSED and inquiry.outcome == Outcome.DUPLICATE
    if inquiry.state not in QUEUED and not is_over:
        raise WrongState(f"it is {inquiry.state}", state=inquiry.state)
    _not_too_far(not_before, now)
    first = _same(session, inquiry, columns["phone_hash"], now)
    if is_over and first is None:
        raise WrongState(f"it is {inquiry.state}", state=inquiry.state)
    if is_over or first is not None:
        if not is_over:
            end_untaken(session, inquiry, Outcome.DUPLICATE, now, "citizen is called back")
        theirs = session.exec(select(Inquiry).where(Inquiry.id == first, may_see(caller))).first()
        return theirs or inquiry
    take_back(session, inquiry, now, "citizen is called back")
    _write(session, inquiry, columns)
    park(session, inquiry, not_before or now, now)
    return inquiry


def promise(
    session: Session,
    inquiry: Inquiry,
    number: str,
    not_before: datetime | None,
    now: datetime,
    *,
    spent: Spent,
    by: Agent,
) -> None:
    """The agent who has it in hand (its row locked) has told the citizen that somebody will ring.

    Raises CallbackPromised where this number is to be called back in another inquiry, for the agent to see to, and
    Invalid where `not_before` is too far ahead.
    """
    _not_too_far(not_before, now)
    columns = sealed(CitizenIn(phone=number))
    first = _same(session, inquiry, columns["phone_hash"], now)
    if first is not None:
        raise CallbackPromised(reference=session.get_one(Inquiry, first).reference)
    _write(session, inquiry, columns)
    again = inquiry.call_from is not None
    inquiry.call_attempts = 0  # they have spoken with each other
    park(session, inquiry, not_before or now, now, again=again, spent=spent, by=by)


def _same(session: Session, inquiry: Inquiry, phone_hash: bytes | None, now: datetime) -> UUID | None:
    assert phone_hash is not None  # of a number that is valid
    session.execute(IN_TURN, {"hash": phone_hash.hex()})
    members = sorted(together(session, now).answered_by(inquiry.municipality))
    found: UUID | None = session.execute(
        SAME, {"hash": phone_hash, "together": members, "this": inquiry.id}
    ).scalar_one_or_none()
    return found


def _write(session: Session, inquiry: Inquiry, columns: dict[str, bytes | None]) -> None:
    """The number at which the citizen wants to be rung is theirs from now on."""
    citizen = session.get(Citizen, inquiry.id) or Citizen(inquiry_id=inquiry.id)
    citizen.phone, citizen.phone_hash = columns["phone"], columns["phone_hash"]
    session.add(citizen)


def _hash_of(session: Session, inquiry: Inquiry) -> bytes | None:
    citizen = session.get(Citizen, inquiry.id)
    return citizen.phone_hash if citizen else None


def _not_too_far(not_before: datetime | None, now: datetime) -> None:
    if not_before is not None and not_before > now:
        if not timing.may_ask_for(seconds(not_before), seconds(now), current_policy()):
            raise Invalid("not_before is too far ahead")
