"""next_lines(): the journal's lines for a reader with a cursor of its own: none twice, and none passed over."""

from sqlalchemy import text
from sqlmodel import Session

BATCH = 5_000

KNOWN = text("INSERT INTO journal_cursor (books, xid) VALUES (:books, '0') ON CONFLICT DO NOTHING")
HERE = text("SELECT xid FROM journal_cursor WHERE books = :books FOR UPDATE")
# What nobody wanted to read is passed over. A cursor beyond what is running came with a restore of a busier server.
FROM = text("""
    SELECT CAST(CASE WHEN CAST(:here AS xid8) > pg_snapshot_xmin(pg_current_snapshot())
                     THEN pg_snapshot_xmin(pg_current_snapshot())
                     ELSE greatest(CAST(:here AS xid8), CAST(:since AS xid8)) END AS text)
""")
# The last transaction of a batch, of those that were all over before the oldest still running began.
LAST = text("""
    SELECT CAST(max(xid) AS text) FROM (
        SELECT xid FROM journal WHERE xid >= CAST(:from AS xid8) AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid LIMIT :batch) ready
""")
MOVE = text("""
    UPDATE journal_cursor SET xid = CAST(CAST(:last AS text)::numeric + 1 AS text) WHERE books = :books
""")


def next_lines(session: Session, books: str, since: str, batch: int = BATCH) -> tuple[str, str] | None:
    """The first and the last transaction of about `batch` lines that are still to be read, from `since` on.

    Whoever comes second waits at the cursor's row until this transaction ends. None where there is nothing.
    """
    session.execute(KNOWN, {"books": books})
    here = session.execute(HERE, {"books": books}).scalar_one()
    begin = session.execute(FROM, {"here": here, "since": since}).scalar_one()
    last = session.execute(LAST, {"from": begin, "batch": batch}).scalar_one()
    return (begin, last) if last is not None else None


def were_read(session: Session, books: str, last: str) -> None:
    """Whoever reads next begins behind this transaction."""
    session.execute(MOVE, {"last": last, "books": books})
