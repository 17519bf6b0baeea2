"""What agents answer is sent: written down from the journal, claimed by one, tried for a day."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random
from typing import NamedTuple, Protocol

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.db import rows_changed
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Inquiry
from hotline.integrations.cursor import next_lines, were_read
from hotline.integrations.mail.models import Mailbox, SentMail
from hotline.integrations.mail.thread import letter
from hotline.integrations.mail.undelivered import not_arrived
from hotline.integrations.webhooks.retries import next_try

MAIL = "mail"
AT_ONCE = 4  # answers of one mailbox at the same time
NO_ADDRESS, ENDED = "no_address", "ended"
LEASE = timedelta(minutes=5)  # after so long whoever claimed it is dead, and it is sent again

SINCE = text("SELECT CAST(min(since) AS text) FROM mailbox WHERE active")
WRITTEN = text("""
    INSERT INTO sent_mail (message_id, mailbox_id, inquiry_id, made_at, due_at)
    SELECT CAST(j.data ->> 'message_id' AS bigint), b.id, j.inquiry_id, :now, :now
    FROM journal j JOIN inquiry i ON i.id = j.inquiry_id JOIN mailbox b ON b.integrator_id = i.integrator_id
    WHERE j.xid >= CAST(:from AS xid8) AND j.xid <= CAST(:last AS xid8) AND j.xid > b.since
      AND j.event = 'message' AND j.data ->> 'sender' = 'agent'
    ON CONFLICT (message_id) DO NOTHING
""")
# Of an inquiry's answers each is sent once those before it have been.
CLAIM = text("""
    WITH due AS (
        SELECT s.message_id, row_number() OVER (PARTITION BY s.mailbox_id ORDER BY s.message_id) AS n
        FROM sent_mail s WHERE s.state = 'waiting' AND s.due_at <= :now
          AND NOT EXISTS (SELECT 1 FROM sent_mail e WHERE e.inquiry_id = s.inquiry_id AND e.state = 'waiting'
                                                      AND e.message_id < s.message_id)
    )
    UPDATE sent_mail m SET attempts = m.attempts + 1, due_at = :lease FROM due d
    WHERE m.message_id = d.message_id AND d.n <= :most AND m.state = 'waiting' AND m.due_at <= :now
    RETURNING m.message_id, m.mailbox_id, m.attempts
""")
# Whoever was so slow that another has claimed it meanwhile says nothing.
WRITE = text("""
    UPDATE sent_mail SET state = :state, due_at = coalesce(:due, due_at), why = :why
    WHERE message_id = :id AND state = 'waiting' AND attempts = :attempts
""")
FORGET = text("""
    DELETE FROM sent_mail WHERE message_id IN (
        SELECT message_id FROM sent_mail WHERE made_at < CAST(:now AS timestamptz) - interval '30 days' LIMIT 1000)
""")
FORGET_OTHERS = text("""
    DELETE FROM received_mail WHERE id IN (
        SELECT id FROM received_mail WHERE at < CAST(:now AS timestamptz) - interval '30 days' AND inquiry_id IS NULL
        ORDER BY at LIMIT 1000)
""")


class Claimed(NamedTuple):
    """A mail that somebody sends now, by its number among those of its kind."""

    message_id: int
    mailbox_id: int
    attempts: int


class Way(Protocol):
    """What is sent by mail: claimed, written, and what became of it."""

    def claim(self, session: Session, now: datetime) -> list[Claimed]:
        """Those that are due and from now on the caller's."""

    def letter_of(self, session: Session, claimed: Claimed, now: datetime) -> tuple[Mailbox, str, EmailMessage] | None:
        """By which mailbox what is sent to whom; None where that cannot be."""

    def sent(self, session: Session, claimed: Claimed) -> None:
        """The server has it."""

    def not_sent(
        self, session: Session, claimed: Claimed, why: str, now: datetime, random: Random, *, for_good: bool = False
    ) -> None:
        """The server has it not."""


def write_down(session: Session, now: datetime) -> bool:
    """What agents have answered since is to be sent; whether more may follow. While there is no mailbox nothing is
    read."""
    since = session.execute(SINCE).scalar_one()
    lines = next_lines(session, MAIL, since) if since is not None else None
    if lines is None:
        return False
    session.execute(WRITTEN, {"from": lines[0], "last": lines[1], "now": now})
    were_read(session, MAIL, lines[1])
    session.execute(FORGET, {"now": now})
    session.execute(FORGET_OTHERS, {"now": now})
    return True


def claim(session: Session, now: datetime, most: int = AT_ONCE) -> list[Claimed]:
    """Those that are due and from now on the caller's."""
    rows = session.execute(CLAIM, {"now": now, "lease": now + LEASE, "most": most})
    return [Claimed(*row) for row in rows]


def letter_of(session: Session, claimed: Claimed, now: datetime) -> tuple[Mailbox, str, EmailMessage] | None:
    """By which mailbox what is sent to whom; None where that cannot be, which is written down."""
    message = session.get(Message, claimed.message_id)
    mailbox = session.get_one(Mailbox, claimed.mailbox_id)
    inquiry = _locked(session, message) if message else None
    if message is None or inquiry is None:
        _write(session, claimed, "failed", NO_ADDRESS)
        return None
    written = letter(session, mailbox, message, inquiry) if mailbox.active else None
    if written is None:
        why = NO_ADDRESS if mailbox.active else ENDED
        if _write(session, claimed, "failed", why):
            not_arrived(session, inquiry, message, why, now)
        return None
    return mailbox, *written


def sent(session: Session, claimed: Claimed) -> None:
    """The server has it."""
    _write(session, claimed, "done", None)


def not_sent(
    session: Session, claimed: Claimed, why: str, now: datetime, random: Random, *, for_good: bool = False
) -> None:
    """It is tried again, for a day; what was refused for good, or for so long, its agent is told."""
    row = session.get_one(SentMail, claimed.message_id)
    due = None if for_good else next_try(row.made_at, claimed.attempts, now, random)
    if due is not None:
        _write(session, claimed, "waiting", why, due)
    elif _write(session, claimed, "failed", why):
        message = session.get(Message, claimed.message_id)
        if message is not None and (inquiry := _locked(session, message)) is not None:
            not_arrived(session, inquiry, message, why, now)


def _write(session: Session, claimed: Claimed, state: str, why: str | None, due: datetime | None = None) -> bool:
    row = {"id": claimed.message_id, "attempts": claimed.attempts, "state": state, "why": why, "due": due}
    return rows_changed(session, WRITE, row) == 1


def _locked(session: Session, message: Message) -> Inquiry | None:
    wanted = select(Inquiry).where(col(Inquiry.id) == message.inquiry_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).first()
