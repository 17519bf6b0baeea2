"""Claims deliveries for whoever sends them, and writes down what became of each try."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import BaseModel
from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.integrations.transport import WHOLE
from hotline.integrations.webhooks.distribute import drop_waiting
from hotline.integrations.webhooks.models import Delivered, Webhook
from hotline.integrations.webhooks.retries import Meaning, asked_for, meaning, next_try, rest

AT_ONCE = 4  # deliveries to one webhook
GONE = "gone"
# After so long whoever claimed it is dead, and it is sent again.
LEASE = timedelta(seconds=4 * WHOLE)

# Of an inquiry's lines, as of an alert's, each is sent once those before it have been, and to an address that failed
# one line alone.
CLAIM = text("""
    WITH picked AS (
        SELECT d.id, row_number() OVER (PARTITION BY w.id ORDER BY d.line_id) AS n,
               CASE WHEN w.failures >= :fails THEN 1 ELSE :most END
               - coalesce((CAST(:busy AS jsonb) ->> CAST(w.id AS text))::int, 0) AS room
        FROM webhook w CROSS JOIN LATERAL (
            SELECT d.id, d.line_id FROM webhook_delivery d
            WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.due_at <= :now
              AND NOT EXISTS (SELECT 1 FROM webhook_delivery e
                              WHERE e.webhook_id = d.webhook_id AND e.inquiry_id = d.inquiry_id
                                AND e.state = 'waiting' AND e.line_id < d.line_id)
              AND (d.alert_id IS NULL OR NOT EXISTS (
                  SELECT 1 FROM webhook_delivery e
                  WHERE e.webhook_id = d.webhook_id AND e.alert_id = d.alert_id
                    AND e.state = 'waiting' AND e.id < d.id))
            ORDER BY d.line_id LIMIT :most) d
        WHERE w.active AND (w.rests_until IS NULL OR w.rests_until <= :now)
    )
    UPDATE webhook_delivery d SET attempts = d.attempts + 1, due_at = :lease FROM picked p
    WHERE d.id = p.id AND p.n <= p.room AND d.state = 'waiting' AND d.due_at <= :now
    RETURNING d.id, d.webhook_id, d.line_id, d.inquiry_id, d.attempts, d.made_at
""")
# Whoever was so slow that another has claimed it meanwhile says nothing.
WRITE = text("""
    UPDATE webhook_delivery SET state = :state, due_at = coalesce(:due, due_at), tries = tries || :tried
    WHERE id = :id AND state = 'waiting' AND attempts = :attempts
""")
WELL = text("UPDATE webhook SET failures = 0, rests_until = NULL WHERE id = :id AND failures > 0")
# It is back: what waits for a later try is due now, but for what somebody sends just now.
BACK = text("""
    UPDATE webhook_delivery SET due_at = :now WHERE webhook_id = :id AND state = 'waiting' AND due_at > :lease
""")
FAILS = text("UPDATE webhook SET failures = failures + 1 WHERE id = :id RETURNING failures")
RESTS = text("UPDATE webhook SET rests_until = greatest(rests_until, :until) WHERE id = :id")
ENDS = text("UPDATE webhook SET active = false, ended_because = :why WHERE id = :id AND active")


class Claimed(BaseModel):
    """A delivery that somebody sends now."""

    id: int
    webhook_id: int
    line_id: int
    inquiry_id: UUID | None
    attempts: int
    made_at: datetime


class Tried(BaseModel):
    """What came of a try at `at`: a status, or a word for what went wrong."""

    at: datetime
    seconds: float
    status: int | None = None
    why: str | None = None
    retry_after: str | None = None


def claim(session: Session, now: datetime, busy: Mapping[int, int], fails: int, most: int = AT_ONCE) -> list[Claimed]:
    """Those that are due and from now on the caller's, who sends `busy` of each webhook already."""
    asked: dict[str, Any] = {"now": now, "lease": now + LEASE, "most": most, "fails": fails}
    rows = session.execute(CLAIM, asked | {"busy": Jsonb({str(one): n for one, n in busy.items()})}).mappings()
    return [Claimed(**row) for row in rows]


def not_sent(session: Session, claimed: Claimed) -> None:
    """Nobody may hear it any more."""
    gone = {"id": claimed.id, "attempts": claimed.attempts, "due": None, "tried": Jsonb([])}
    rows_changed(session, WRITE, gone | {"state": Delivered.DROPPED})


def write(session: Session, claimed: Claimed, tried: Tried, now: datetime, random: Random) -> None:
    """Write down what came of it, and when it or its webhook is tried next."""
    what = Meaning.FAILED if tried.status is None else meaning(tried.status)
    due = None if what is Meaning.TAKEN else next_try(claimed.made_at, claimed.attempts, now, random)
    later = asked_for(tried.retry_after, now) if tried.status in (429, 503) else None
    if due is not None and later is not None:
        due = max(due, later)
    state = Delivered.DONE if what is Meaning.TAKEN else Delivered.WAITING if due is not None else Delivered.FAILED
    told = tried.model_dump(mode="json", exclude_none=True, exclude={"retry_after"})
    row = {"id": claimed.id, "attempts": claimed.attempts, "due": due, "tried": Jsonb([told]), "state": state}
    if rows_changed(session, WRITE, row) != 1:
        return
    if what is Meaning.TAKEN:
        if rows_changed(session, WELL, {"id": claimed.webhook_id}) == 1:
            session.execute(BACK, {"id": claimed.webhook_id, "now": now, "lease": now + LEASE})
        return
    failures = session.execute(FAILS, {"id": claimed.webhook_id}).scalar_one()
    if until := max(filter(None, (rest(failures, now), later)), default=None):
        session.execute(RESTS, {"id": claimed.webhook_id, "until": until})
    if what is Meaning.GONE:
        end(session, claimed.webhook_id, GONE)


def end(session: Session, webhook_id: int, why: str) -> bool:
    """Nothing more is sent to it; false where that was so before."""
    ended = rows_changed(session, ENDS, {"id": webhook_id, "why": why}) == 1
    drop_waiting(session, webhook_id)
    return ended


def of_claimed(session: Session, claimed: Claimed) -> Webhook:
    """The webhook that it is for."""
    return session.get_one(Webhook, claimed.webhook_id)
