"""write(), tell(), thread(), read(): what a citizen and the agent who has the inquiry in hand write to each other."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.access.guards import KeyHolder
from hotline.access.models import Integrator
from hotline.db import act, rows_changed
from hotline.directory.models import Agent
from hotline.handling.actions import keep
from hotline.handling.drafts import ANSWER, forget_draft
from hotline.handling.errors import AnsweredElsewhere, NotWritten
from hotline.inquiries import guards
from hotline.inquiries.facts import Wrote
from hotline.inquiries.guards import must_hold
from hotline.inquiries.messages import From, Message
from hotline.inquiries.models import Channel, Inquiry
from hotline.inquiries.states import HELD
from hotline.inquiries.step import step
from hotline.intake.errors import KeyReused
from hotline.live import tell_agents_later
from hotline.privacy.hits import MESSAGE, take_out
from hotline.privacy.vault import body_hash, key_ring, search_hash

AT_ONCE = 1000  # messages of a thread; `after` the last of them are the next
READ = text("""
    UPDATE message SET read_at = :now
    WHERE inquiry_id = :inquiry AND sender = 'citizen' AND read_at IS NULL AND id <= :last
""")


def write(
    session: Session, inquiry: Inquiry, words: str, now: datetime, *, by: Agent | None = None, key: str | None = None
) -> Message:
    """Keep what the agent, or without one the citizen, has written, with CPR numbers taken out and sealed.

    The inquiry's row must be locked. With the `key` of an earlier request it is that one's message again. Raises
    KeyReused where that had other words, NotWritten for a call, AnsweredElsewhere where its integrator answers it,
    WrongState where it is not in the agent's hands or has ended.
    """
    sender, ring = From.AGENT if by else From.CITIZEN, key_ring()
    known_by = search_hash(f"{sender} {key}", "idempotency_key", ring).hex() if key else None
    said = body_hash(words.encode(), ring) if key else None
    if known_by and (first := _known(session, inquiry, known_by)):
        if first.body_hash != said:
            raise KeyReused
        return first
    if by:
        must_hold(inquiry, by)
    if inquiry.channel == Channel.PHONE:
        raise NotWritten
    if by and inquiry.channel in session.get_one(Integrator, inquiry.integrator_id).answered_in:
        raise AnsweredElsewhere
    person = by.id if by else None
    message = Message(
        inquiry_id=inquiry.id, sender=sender, person_id=person, at=now, text="", key=known_by, body_hash=said
    )
    session.add(message)
    session.flush()
    assert message.id is not None
    message.text, hits = take_out(words, f"{MESSAGE}{message.id}")
    keep(session, inquiry, hits, now)
    step(session, inquiry, Wrote(message.id, str(sender)), now, by=by)
    if by:
        forget_draft(session, inquiry, by, ANSWER)
    if inquiry.agent_id is not None and inquiry.state in HELD:
        tell_agents_later(session, [inquiry.agent_id])
    return message


def tell(session: Session, caller: KeyHolder, inquiry_id: UUID, words: str, now: datetime, key: str | None) -> Message:
    """What the citizen has written, as the integrator that carries it tells. Raises NotFound, and what `write` does."""
    own = guards.inquiry(session, caller, inquiry_id)
    act(session)
    locked = select(Inquiry).where(Inquiry.id == own.id).with_for_update()
    inquiry = session.exec(locked.execution_options(populate_existing=True)).one()
    return write(session, inquiry, words, now, key=key)


def thread(session: Session, inquiry_id: UUID, after: int = 0) -> Sequence[Message]:
    """The messages of an inquiry with an id beyond `after`, oldest first, as far as whoever asks may see them."""
    mine = select(Message).where(col(Message.inquiry_id) == inquiry_id, col(Message.id) > after)
    return session.exec(mine.order_by(col(Message.id)).limit(AT_ONCE)).all()


def read(session: Session, inquiry: Inquiry, agent: Agent, last: int, now: datetime) -> None:
    """The agent had the citizen's messages up to number `last` before them. Raises WrongState if it is not in hand."""
    must_hold(inquiry, agent)
    if rows_changed(session, READ, {"inquiry": inquiry.id, "last": last, "now": now}):
        tell_agents_later(session, [agent.id])


def _known(session: Session, inquiry: Inquiry, key: str) -> Message | None:
    mine = select(Message).where(col(Message.inquiry_id) == inquiry.id, col(Message.key) == key)
    return session.exec(mine).first()
