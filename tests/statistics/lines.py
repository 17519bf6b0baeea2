"""Builders of journal lines, and the sums as the tests look at them."""

import random
import time
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from hotline.inquiries.facts import fact_of
from hotline.inquiries.journal import JournalLine, record
from hotline.inquiries.states import Event
from hotline.statistics.models import COUNTS, FIGURES, IntervalSum, table_of
from hotline.statistics.summarize import summarize

MORNING = datetime(2026, 11, 21, 8, 7, 30, tzinfo=UTC)
CODES = ("0751", "0860", "0791", "0746")


# What each fact tells where a test does not say it.
USUALLY: dict[str, dict[str, Any]] = {
    "received": {"received_at": MORNING},
    "classified": {"received_at": MORNING, "language": "da", "priority": 2, "urgent": False},
    "offered": {"offer_id": 1, "lapses_at": MORNING},
    "accepted": {"offer_id": 1},
    "refused": {"offer_id": 1},
    "lapsed": {"offer_id": 1},
    "withdrawn": {"offer_id": 1, "reason": "agent on break"},
    "corrected": {"before": {}, "after": {}},
    "message": {"message_id": 1, "sender": "citizen"},
    "flagged": {"reason": "agent not heard of"},
    "released": {"by": "person 1"},
    "due": {"parked_seconds": 60.0},
    "unread": {"parked_seconds": 60.0},
}


def a_line(event: str, at: datetime = MORNING, **changes: Any) -> Any:
    """A line of the journal as it is read back; keywords that are no columns go into its data."""
    changes = USUALLY.get(event, {}) | changes
    columns = {"municipality": "0751", "topic": "passport", "channel": "phone", "answering": None}
    data = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in changes.items()
        if name not in columns
    }
    columns |= {name: value for name, value in changes.items() if name in columns}
    return SimpleNamespace(event=event, at=at, data=data, **columns)


def write(session: Session, event: Event, at: datetime = MORNING, **changes: Any) -> None:
    """The same line, written by record() into the journal of this session."""
    line = a_line(event, at, **changes)
    inquiry = SimpleNamespace(
        id=uuid.uuid4(), municipality=line.municipality, topic=line.topic, channel=line.channel, came_by=None
    )
    by = SimpleNamespace(id=1, municipality=line.answering)
    record(session, inquiry, fact_of(event, line.data), at, by=by)


def write_a_day(session: Session, seed: int, inquiries: int = 60, morning: datetime = MORNING) -> None:
    """The journal of a day: most are answered, by whomever; some transferred, handed over, refused, given up."""
    r = random.Random(seed)
    for _ in range(inquiries):
        at = morning + timedelta(seconds=r.uniform(0, 36_000))
        who = {
            "municipality": r.choice(CODES),
            "topic": r.choice(("passport", "mitid", "doctor")),
            "channel": r.choice(("phone", "email")),
        }
        wait = r.uniform(0, 150)
        arrival, waited = {"received_at": at}, {"wait_seconds": wait, "target_seconds": 60}
        write(session, Event.RECEIVED, at, **who, **arrival)
        if r.random() < 0.05:
            lost = who | {"topic": None}
            write(session, Event.ABANDONED, at + timedelta(seconds=wait), **lost, **arrival, **waited, classified=False)
            continue
        write(session, Event.CLASSIFIED, at, **who, **arrival)
        if r.random() < 0.1:
            write(session, Event.ABANDONED, at + timedelta(seconds=wait), **who, **arrival, **waited, classified=True)
            continue
        if r.random() < 0.2:
            write(session, r.choice((Event.REFUSED, Event.LAPSED)), at, **who)
        for first in (True, False) if r.random() < 0.1 else (True,):
            by = {"answering": r.choice(CODES)}
            write(session, Event.OFFERED, at, **who, **by)
            at += timedelta(seconds=wait)
            write(session, Event.ACCEPTED, at, **who, **by, **waited, first=first)
            at += timedelta(seconds=r.uniform(20, 900))
            work = {"talk_seconds": r.uniform(20, 900), "wrap_seconds": r.uniform(0, 60)}
            if not first or r.random() < 0.9:
                done = {
                    "outcome": r.choice(("resolved", "referred")),
                    "first_contact": first,
                    "again_after": r.choice((None, None, 600.0)),
                }
                write(session, Event.CLOSED, at, **who, **by, **work, **done)
                break
            write(session, r.choice((Event.TRANSFERRED, Event.RELEASED)), at, **who, **by, **work)
        else:
            write(session, Event.HANDED_OVER, at, **who, **by, talk_seconds=r.uniform(1, 99), wrap_seconds=0.0)


def anything_left(session: Session) -> bool:
    """Whether the journal has a line that is not yet in the sums, be it that its transaction still waits for others."""
    left = """
        WITH cursor AS (SELECT coalesce(max(xid), '0')::xid8 AS xid FROM journal_cursor WHERE books = 'statistics')
        SELECT EXISTS (SELECT FROM journal j WHERE j.xid >= cursor.xid)
               OR cursor.xid > pg_snapshot_xmin(pg_current_snapshot()) FROM cursor  -- it came with a restore
    """
    return bool(session.execute(sa.text(left)).scalar_one())


def take_all(session: Session, batch: int = 50, patience: float = 60) -> None:
    """Summarize until the whole journal is in the sums. Transactions of other databases of this server may hold it up
    for a moment, for their numbers come from the same counter."""
    until = time.monotonic() + patience
    while anything_left(session):
        session.rollback()
        summarize(session, batch)
        session.commit()
        assert time.monotonic() < until, "a transaction is open for so long that the journal is not taken"
    session.rollback()


def sums(session: Session) -> tuple[list[Any], ...]:
    """Every table of sums, in the order of their keys."""
    found = [session.execute(sa.select(table).order_by(*table.primary_key)).all() for table in FIGURES.tables]
    session.rollback()
    return tuple([tuple(row) for row in rows] for rows in found)


def total(session: Session) -> dict[str, float]:
    """Every count, summed over all there is."""
    row = session.execute(sa.select(*(sa.func.sum(IntervalSum.c[name]).label(name) for name in COUNTS))).one()
    session.rollback()
    return {name: row._mapping[name] or 0 for name in COUNTS}


def lines_of(session: Session, event: Event) -> int:
    """How many lines of this event the journal has."""
    count = session.execute(sa.select(sa.func.count()).where(table_of(JournalLine).c.event == str(event))).scalar_one()
    session.rollback()
    return count
