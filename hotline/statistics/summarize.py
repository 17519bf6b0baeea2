"""Takes the journal's new lines into the sums, each line exactly once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from hotline.db import mending_the_journal
from hotline.duties import set_aside
from hotline.inquiries.journal import JournalLine
from hotline.statistics.counting import Gain, gain
from hotline.statistics.ladder import Rung, begin
from hotline.statistics.models import FIGURES, SECONDS, Books, Cursor, table_of
from hotline.statistics.waits import bucket_of

BATCH = 5_000
PAGE = 2_000
MOST_KEPT = 50_000  # rows of sums in memory, beside those that are made of them

JOURNAL = table_of(JournalLine)
CURSOR = table_of(Cursor)


Sums = dict[tuple[Any, ...], dict[str, float]]

# Numbers of transactions go to and fro as text: no driver here knows xid8.
ALL_OVER_BEFORE = sa.text("xid < pg_snapshot_xmin(pg_current_snapshot())")
NOT_YET_TAKEN = sa.text("xid >= CAST(:cursor AS xid8)")
UP_TO = sa.text("xid <= CAST(:last AS xid8)")
# No transaction of this server has such a number yet: the line was written elsewhere and came with a restore.
FROM_ELSEWHERE = sa.text("xid >= pg_snapshot_xmax(pg_current_snapshot()) AND xid <> pg_current_xact_id()")


def summarize(session: Session, batch: int = BATCH, books: Books = FIGURES) -> int:
    """Take about `batch` lines that nobody took yet, and move the cursor, in this transaction; says how many it took.

    Fewer than `batch` means that it saw the end. Only lines of transactions that were all over before the oldest
    still running began are taken, so a line that commits late is never passed by. Whoever comes second waits at the
    cursor's row. The caller commits.
    """
    cursor = locked_cursor(session, books)
    if _journal_came_from_elsewhere(session, cursor):
        cursor = forget(session, books)
    _take_in_lines_from_elsewhere(session, cursor, batch)
    last = _last_of_batch(session, cursor, batch)
    if last is None:
        return 0
    taken, kept = 0, _Kept()
    for page in _pages(session, cursor, last):
        kept.take(page)
        taken += len(page)
        if len(kept.intervals) > MOST_KEPT:
            kept.write(session, books)
            kept = _Kept()
    kept.write(session, books)
    move_cursor(session, str(int(last) + 1), books)
    return taken


def locked_cursor(session: Session, books: Books = FIGURES) -> str:
    """How far these books have come; nobody else moves that until the transaction ends."""
    session.execute(insert(CURSOR).values(books=books.name, xid="0").on_conflict_do_nothing())
    mine = sa.select(CURSOR.c.xid).where(CURSOR.c.books == books.name).with_for_update()
    return str(session.execute(mine).scalar_one())


def _journal_came_from_elsewhere(session: Session, cursor: str) -> bool:
    """A cursor beyond what is running can only have come with a restore from a busier server: new lines would be
    written behind it and never be taken."""
    beyond = sa.text("SELECT CAST(:cursor AS xid8) > pg_snapshot_xmin(pg_current_snapshot())")
    return bool(session.execute(beyond, {"cursor": cursor}).scalar_one())


def forget(session: Session, books: Books = FIGURES) -> str:
    """Empty these books, so that they begin with the first line again."""
    session.execute(sa.text("SET LOCAL statement_timeout = 0"))  # years of sums take longer than a page may
    for table in books.tables:
        session.execute(sa.delete(table))
    move_cursor(session, "0", books)
    return "0"


def move_cursor(session: Session, xid: str, books: Books = FIGURES) -> None:
    """Everything below this transaction has been taken."""
    session.execute(sa.update(CURSOR).where(CURSOR.c.books == books.name).values(xid=xid))


def _take_in_lines_from_elsewhere(session: Session, cursor: str, batch: int) -> None:
    """Move lines from a future that this server has not reached to where the cursor stands, to be taken next."""
    some = sa.select(JOURNAL.c.id).where(FROM_ELSEWHERE).order_by(JOURNAL.c.xid).limit(batch)
    here = sa.text("CAST(:cursor AS xid8)").bindparams(cursor=cursor)
    with mending_the_journal(session):
        session.execute(sa.update(JOURNAL).where(JOURNAL.c.id.in_(some)).values(xid=here))


def _last_of_batch(session: Session, cursor: str, batch: int) -> str | None:
    """The transaction of the last line of this batch; all of its lines are taken, however many they are."""
    ready = (
        sa.select(JOURNAL.c.xid)
        .where(NOT_YET_TAKEN.bindparams(cursor=cursor), ALL_OVER_BEFORE)
        .order_by(JOURNAL.c.xid)
        .limit(batch)
        .subquery()
    )
    last = session.execute(sa.select(ready.c.xid).order_by(ready.c.xid.desc()).limit(1)).scalar_one_or_none()
    return None if last is None else str(last)


def _pages(session: Session, cursor: str, last: str) -> Iterator[list[Any]]:
    """The lines in pages, read through a server-side cursor: one transaction may have written millions."""
    c = JOURNAL.c
    lines = sa.select(c.id, c.event, c.at, c.municipality, c.topic, c.channel, c.answering, c.data).where(
        NOT_YET_TAKEN.bindparams(cursor=cursor), UP_TO.bindparams(last=last)
    )
    for page in session.execute(lines, execution_options={"yield_per": PAGE}).partitions():
        yield list(page)


class _Kept:
    """Sums of some lines, before they are added to the tables."""

    def __init__(self) -> None:
        self.intervals, self.exchanges, self.waits = _no_sums(), _no_sums(), _no_sums()

    def take(self, lines: list[Any]) -> None:
        """Add up what these lines add."""
        for line in lines:
            gained = _gained(line)
            for one in gained.increments:
                _count(self.intervals[one.start, one.municipality, one.topic, one.channel], one.counts)
            if done := gained.exchanged:
                _count(self.exchanges[done.start, done.home, done.answering], done.counts)
            if wait := gained.waited:
                key = (wait.start, wait.municipality, wait.channel, bucket_of(wait.seconds))
                self.waits[key]["waited"] += 1

    def write(self, session: Session, books: Books) -> None:
        """Add them to the tables."""
        _upsert(session, books.intervals, self.intervals)
        _upsert(session, books.exchanges, self.exchanges)
        whole = _whole(self.intervals)
        _upsert(session, books.long_intervals, whole)
        _upsert(session, books.all_topics, _of_all_topics(whole))
        _upsert(session, books.long_exchanges, _whole(self.exchanges))
        _upsert(session, books.waits, _whole(self.waits))


def _no_sums() -> Sums:
    return defaultdict(lambda: defaultdict(float))


def _count(row: dict[str, float], counts: Mapping[str, float]) -> None:
    for name, count in counts.items():
        row[name] += count


def _whole(sums: Sums) -> Sums:
    """The same sums by the whole day, month and year that each begins in."""
    found = _no_sums()
    for (start, *rest), counts in sums.items():
        for rung in Rung:
            _count(found[rung, begin(rung, start), *rest], counts)
    return found


def _of_all_topics(sums: Sums) -> Sums:
    found = _no_sums()
    for (rung, start, municipality, _, channel), counts in sums.items():
        _count(found[rung, start, municipality, channel], counts)
    return found


def _gained(line: Any) -> Gain:
    """What a line adds; one that cannot be read adds nothing, and is named, for the lines after it must be counted."""
    try:
        return gain(line)
    except Exception as error:
        set_aside("summarize", line.id, error)
        return Gain()


def _upsert(session: Session, table: sa.Table, sums: Sums) -> None:
    """Add the sums to their rows in the order of the keys: two that lock rows in one order never wait in a circle."""
    if not sums:
        return
    ordered = sorted(sums)
    told = {name for counts in sums.values() for name in counts}
    names = tuple(column.name for column in table.columns if column.name in told)
    columns: dict[str, list[Any]] = {}
    for place, column in enumerate(table.primary_key):
        columns[column.name] = [str(key[place]) if column.name == "rung" else key[place] for key in ordered]
    for name in names:
        number = float if name in SECONDS else int
        columns[name] = [number(sums[key].get(name, 0)) for key in ordered]
    session.execute(_upsert_of(table, names), columns)


@cache
def _upsert_of(table: sa.Table, counts: tuple[str, ...]) -> sa.TextClause:
    """A statement that takes a list for each key and each of these counts; with a row a parameter it took three times
    as long. Counts that nothing was counted of are nought by default."""
    keys = ", ".join(column.name for column in table.primary_key)
    lists = ", ".join(
        f"CAST(:{column.name} AS {column.type.compile(dialect=postgresql.dialect())}[])"
        for column in (*table.primary_key, *(table.c[name] for name in counts))
    )
    added = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in counts)
    return sa.text(
        f"INSERT INTO {table.name} ({keys}, {', '.join(counts)}) SELECT * FROM unnest({lists})"
        f" ON CONFLICT ({keys}) DO UPDATE SET {added}"
    )
