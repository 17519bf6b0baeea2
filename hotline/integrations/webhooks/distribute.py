"""distribute(): the journal's new lines become deliveries, each once for each webhook that wants it."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.integrations.cursor import BATCH, next_lines, were_read

WEBHOOKS = "webhooks"

SINCE = text("SELECT CAST(min(since) AS text) FROM webhook WHERE active")
WRITE = text("""
    INSERT INTO webhook_delivery (webhook_id, line_id, inquiry_id, event, made_at, due_at)
    SELECT w.id, j.id, j.inquiry_id, j.event, :now, :now
    FROM journal j JOIN inquiry i ON i.id = j.inquiry_id
    JOIN webhook w ON w.integrator_id = i.integrator_id AND w.active AND j.event = ANY(w.events)
        AND (w.municipalities = '{}' OR i.municipality = ANY(w.municipalities)) AND j.xid > w.since
    WHERE j.xid >= CAST(:from AS xid8) AND j.xid <= CAST(:last AS xid8)
    ORDER BY j.id
    ON CONFLICT (webhook_id, line_id) DO NOTHING
""")
FORGET = text("""
    DELETE FROM webhook_delivery WHERE id IN (
        SELECT id FROM webhook_delivery WHERE made_at < CAST(:now AS timestamptz) - interval '30 days'
        ORDER BY made_at LIMIT 1000)
""")


def distribute(session: Session, now: datetime, batch: int = BATCH) -> bool:
    """Write the deliveries of about `batch` lines and move the cursor, in this transaction; whether more may follow.

    Whoever comes second waits at the cursor's row. While nobody wants to hear anything nothing is read.
    """
    since = session.execute(SINCE).scalar_one()
    if since is None:
        return False
    lines = next_lines(session, WEBHOOKS, since, batch)
    if lines is None:
        return False
    session.execute(WRITE, {"from": lines[0], "last": lines[1], "now": now})
    were_read(session, WEBHOOKS, lines[1])
    session.execute(FORGET, {"now": now})
    return True


def drop_waiting(session: Session, webhook_id: int) -> int:
    """What was still to be sent is not; how much that was."""
    gone = text("UPDATE webhook_delivery SET state = 'dropped' WHERE webhook_id = :id AND state = 'waiting'")
    return rows_changed(session, gone, {"id": webhook_id})
