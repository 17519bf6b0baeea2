"""distribute(): the journal's new lines become deliveries, each once for each webhook that wants it."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed

WEBHOOKS = "webhooks"
BATCH = 5_000

ANYBODY = text("SELECT EXISTS (SELECT 1 FROM webhook WHERE active)")
KNOWN = text("INSERT INTO journal_cursor (books, xid) VALUES (:books, '0') ON CONFLICT DO NOTHING")
HERE = text("SELECT xid FROM journal_cursor WHERE books = :books FOR UPDATE")
# What nobody wanted to hear is passed over. A cursor beyond what is running came with a restore of a busier server.
FROM = text("""
    SELECT CAST(CASE WHEN CAST(:here AS xid8) > pg_snapshot_xmin(pg_current_snapshot())
                     THEN pg_snapshot_xmin(pg_current_snapshot())
                     ELSE greatest(CAST(:here AS xid8), (SELECT min(since) FROM webhook WHERE active)) END AS text)
""")
# The last transaction of a batch, of those that were all over before the oldest still running began.
LAST = text("""
    SELECT CAST(max(xid) AS text) FROM (
        SELECT xid FROM journal WHERE xid >= CAST(:from AS xid8) AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid LIMIT :batch) ready
""")
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
MOVE = text("""
    UPDATE journal_cursor SET xid = CAST(CAST(:last AS text)::numeric + 1 AS text) WHERE books = :books
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
    if not session.execute(ANYBODY).scalar_one():
        return False
    session.execute(KNOWN, {"books": WEBHOOKS})
    here = session.execute(HERE, {"books": WEBHOOKS}).scalar_one()
    begin = session.execute(FROM, {"here": here}).scalar_one()
    last = session.execute(LAST, {"from": begin, "batch": batch}).scalar_one()
    if last is None:
        return False
    session.execute(WRITE, {"from": begin, "last": last, "now": now})
    session.execute(MOVE, {"last": last, "books": WEBHOOKS})
    session.execute(FORGET, {"now": now})
    return True


def drop_waiting(session: Session, webhook_id: int) -> int:
    """What was still to be sent is not; how much that was."""
    gone = text("UPDATE webhook_delivery SET state = 'dropped' WHERE webhook_id = :id AND state = 'waiting'")
    return rows_changed(session, gone, {"id": webhook_id})
