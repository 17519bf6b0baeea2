"""What agents answer by SMS is sent: written down from the journal, claimed by one, tried for a day."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.db import rows_changed
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Citizen, Inquiry
from hotline.integrations.cursor import next_lines, were_read
from hotline.integrations.mail.undelivered import not_arrived
from hotline.integrations.sms.gateway import Handed, Sms
from hotline.integrations.sms.models import SentSms, SmsGateway
from hotline.integrations.sms.told import Arrived, Failed, our_id
from hotline.integrations.webhooks.retries import asked_for, next_try
from hotline.privacy import subjects
from hotline.privacy.vault import unsealed

SMS = "sms"
AT_ONCE = 4  # answers of one gateway at the same time
NO_NUMBER, ENDED = "no_address", "ended"
LEASE = timedelta(minutes=1)  # after so long whoever claimed it is dead, and it is handed on again

SINCE = text("SELECT CAST(min(since) AS text) FROM sms_gateway WHERE active")
WRITTEN = text("""
    INSERT INTO sent_sms (message_id, integrator_id, inquiry_id, made_at, due_at)
    SELECT CAST(j.data ->> 'message_id' AS bigint), g.integrator_id, j.inquiry_id, :now, :now
    FROM journal j JOIN inquiry i ON i.id = j.inquiry_id JOIN sms_gateway g ON g.integrator_id = i.integrator_id
    WHERE j.xid >= CAST(:from AS xid8) AND j.xid <= CAST(:last AS xid8) AND j.xid > g.since AND i.channel = 'sms'
      AND j.event = 'message' AND j.data ->> 'sender' = 'agent'
    ON CONFLICT (message_id) DO NOTHING
""")
# Of an inquiry's answers each is handed on once those before it have been.
CLAIM = text("""
    WITH due AS (
        SELECT s.message_id, row_number() OVER (PARTITION BY s.integrator_id ORDER BY s.message_id) AS n
        FROM sent_sms s WHERE s.state = 'waiting' AND s.due_at <= :now
          AND NOT EXISTS (SELECT 1 FROM sent_sms e WHERE e.inquiry_id = s.inquiry_id AND e.state = 'waiting'
                                                     AND e.message_id < s.message_id)
    )
    UPDATE sent_sms m SET attempts = m.attempts + 1, due_at = :lease FROM due d
    WHERE m.message_id = d.message_id AND d.n <= :most AND m.state = 'waiting' AND m.due_at <= :now
    RETURNING m.message_id, m.integrator_id, m.attempts
""")
# Whoever was so slow that another has claimed it meanwhile, or that the gateway has told of it, says nothing.
WRITE = text("""
    UPDATE sent_sms SET state = :state, due_at = coalesce(:due, due_at), why = :why
    WHERE message_id = :id AND state = 'waiting' AND attempts = :attempts
""")
ARRIVED = text("""
    UPDATE sent_sms SET state = 'done', why = NULL, delivered_at = :now
    WHERE message_id = :id AND integrator_id = :integrator AND attempts > 0 AND delivered_at IS NULL
      AND state <> 'failed'
""")
FAILED = text("""
    UPDATE sent_sms SET state = 'failed', why = :why
    WHERE message_id = :id AND integrator_id = :integrator AND attempts > 0 AND delivered_at IS NULL
      AND state <> 'failed'
""")
FORGET = text("""
    DELETE FROM sent_sms WHERE message_id IN (
        SELECT message_id FROM sent_sms WHERE made_at < CAST(:now AS timestamptz) - interval '30 days' LIMIT 1000)
""")
FORGET_OTHERS = text("""
    DELETE FROM received_sms WHERE (integrator_id, known_by) IN (
        SELECT integrator_id, known_by FROM received_sms WHERE at < CAST(:now AS timestamptz) - interval '30 days'
        ORDER BY at LIMIT 1000)
""")


class Claimed(NamedTuple):
    """An answer that somebody hands on now."""

    message_id: int
    integrator_id: int
    attempts: int


def write_down(session: Session, now: datetime) -> bool:
    """What agents have answered since is to be sent; whether more may follow. While there is no gateway nothing is
    read."""
    since = session.execute(SINCE).scalar_one()
    lines = next_lines(session, SMS, since) if since is not None else None
    if lines is None:
        return False
    session.execute(WRITTEN, {"from": lines[0], "last": lines[1], "now": now})
    were_read(session, SMS, lines[1])
    session.execute(FORGET, {"now": now})
    session.execute(FORGET_OTHERS, {"now": now})
    return True


def claim(session: Session, now: datetime, most: int = AT_ONCE) -> list[Claimed]:
    """Those that are due and from now on the caller's."""
    rows = session.execute(CLAIM, {"now": now, "lease": now + LEASE, "most": most})
    return [Claimed(*row) for row in rows]


def sms_of(session: Session, claimed: Claimed, now: datetime) -> tuple[SmsGateway, Sms] | None:
    """By which gateway what is sent to whom; None where that cannot be, which is written down."""
    gateway = session.get_one(SmsGateway, claimed.integrator_id)
    message = session.get(Message, claimed.message_id)
    citizen = session.get(Citizen, message.inquiry_id) if message else None
    said = unsealed(citizen.phone, "phone") if citizen else None
    number = subjects.phone(said) if said else None
    if message is None or number is None or not gateway.active:
        write(session, claimed, Handed(ENDED if number else NO_NUMBER, for_good=True), now, Random())
        return None
    return gateway, Sms(our_id(claimed.message_id), number.partition(";")[0], message.text)


def write(session: Session, claimed: Claimed, handed: Handed, now: datetime, random: Random) -> None:
    """What came of a try. It is tried again, for a day; of what was refused for good, or so long, its agent is told."""
    made_at = session.get_one(SentSms, claimed.message_id).made_at
    due = None if handed.for_good else next_try(made_at, claimed.attempts, now, random)
    wanted = asked_for(handed.retry_after, now)
    row = {"id": claimed.message_id, "attempts": claimed.attempts, "why": handed.why, "due": None}
    if handed.why is None:
        rows_changed(session, WRITE, row | {"state": "done"})
    elif due is not None:
        rows_changed(session, WRITE, row | {"state": "waiting", "due": max(due, wanted or due)})
    elif rows_changed(session, WRITE, row | {"state": "failed"}):
        _tell(session, claimed.message_id, handed.why, now)


def reported(session: Session, integrator_id: int, report: Arrived | Failed, now: datetime) -> None:
    """The gateway tells what became of an answer; the first word counts, and of others' answers nothing does."""
    row = {"id": report.message_id, "integrator": integrator_id}
    if isinstance(report, Arrived):
        rows_changed(session, ARRIVED, row | {"now": now})
    elif rows_changed(session, FAILED, row | {"why": report.why}):
        _tell(session, report.message_id, report.why, now)


def _tell(session: Session, message_id: int, why: str, now: datetime) -> None:
    message = session.get(Message, message_id)
    if message is None:
        return
    wanted = select(Inquiry).where(col(Inquiry.id) == message.inquiry_id).with_for_update()
    inquiry = session.exec(wanted.execution_options(populate_existing=True)).first()
    if inquiry is not None:
        not_arrived(session, inquiry, message, why, now)
