"""Repeated work: how often each is done, who does it next, what failed, and which rows are set aside meanwhile."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.exc import DBAPIError
from sqlmodel import Field, Session, SQLModel

from hotline.columns import moment
from hotline.db import transaction
from hotline.faults import passes, tell
from hotline.logs import log
from hotline.tenant import at_work

# Seconds from one beginning to the next, whatever wakes them between. The lanes of the workers, the first ones first …
LANES = {
    "classify": 1.0,
    "summarize": 1.0,
    "reseal": 3600.0,
    "retain": 3600.0,
    "teach": 600.0,
    "simulate": 5.0,
    "alert": 30.0,
    "annex": 600.0,
    "report": 600.0,
}
# … and what the router looks after, so that no lost wake-up or vanished agent leaves anything behind.
SWEEPS = {
    "lapse": 1.0,
    "absence": 1.0,
    "widen": 1.0,
    "unserved": 0.5,
    "callback": 1.0,
    "calls": 0.5,
    "learn": 5.0,
    "tidy": 5.0,
}
SCHEDULE = LANES | SWEEPS


class Duty(SQLModel, table=True):
    """One repeated work, and how it went: when it last began, ended well and failed."""

    name: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    begun_at: datetime = Field(sa_column=moment())
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    failed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    failures: int = Field(default=0, sa_column=sa.Column(sa.BigInteger, nullable=False, server_default=sa.text("0")))
    error: str | None = Field(default=None, sa_column=sa.Column(sa.Text))


class SetAside(SQLModel, table=True):
    """A row that failed alone: its duty passes it over until `again_at`, later with each failure in a row."""

    __tablename__ = "set_aside"

    duty: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    item: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    tries: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    failed_at: datetime = Field(sa_column=moment())
    again_at: datetime = Field(sa_column=moment())
    error: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


QUICKLY = "SET LOCAL synchronous_commit = off"  # a crash may forget how it went
KNOWN = sa.text("""
    INSERT INTO duty (name, begun_at) SELECT name, 'epoch' FROM jsonb_to_recordset(:asked) AS a(name text)
    WHERE NOT EXISTS (SELECT 1 FROM duty d WHERE d.name = a.name) ON CONFLICT DO NOTHING
""")
# A clock that was set back must not let anybody wait for what it said before.
CLAIM = sa.text("""
    UPDATE duty SET begun_at = clock_timestamp() WHERE name IN (
        SELECT d.name FROM duty d JOIN jsonb_to_recordset(:asked) AS a(name text, every float8) USING (name)
        WHERE d.begun_at <= clock_timestamp() - make_interval(secs => a.every) OR d.begun_at > clock_timestamp()
        FOR UPDATE OF d SKIP LOCKED)
    RETURNING name
""")
DONE = sa.text("""
    INSERT INTO duty AS d (name, begun_at, done_at) VALUES (:name, clock_timestamp(), clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at
""")
FAILED = sa.text("""
    INSERT INTO duty AS d (name, begun_at, failed_at, failures, error)
    VALUES (:name, clock_timestamp(), clock_timestamp(), 1, :error)
    ON CONFLICT (name) DO UPDATE SET failed_at = excluded.failed_at, failures = d.failures + 1, error = excluded.error
""")
ASIDE = sa.text("""
    INSERT INTO set_aside AS s (duty, item, tries, failed_at, again_at, error)
    VALUES (:duty, :item, 1, clock_timestamp(), clock_timestamp() + make_interval(secs => 10), :error)
    ON CONFLICT (duty, item) DO UPDATE SET tries = s.tries + 1, failed_at = excluded.failed_at, error = excluded.error,
        again_at = clock_timestamp() + make_interval(secs => least(3600, 10 * power(2, least(s.tries, 10))))
""")
# For a condition of a statement: rows of this duty that are not tried now. `{item}` is the row's key as text.
NOT_ASIDE = """NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.duty = '{duty}' AND s.item = {item}
                           AND s.again_at > clock_timestamp())"""


def claim(duties: dict[str, float]) -> list[str]:
    """Which of these are due and from now on this process's to do, in their order; of several processes one gets it."""
    asked = {"asked": Jsonb([{"name": name, "every": every} for name, every in duties.items()])}
    with transaction(at_work("schedule")) as session:
        session.execute(sa.text(QUICKLY))
        session.execute(KNOWN, asked)
        due = set(session.execute(CLAIM, asked).scalars())
    return [name for name in duties if name in due]


def attempt(name: str, do: Callable[[], object], due: bool = True) -> bool:
    """Do a duty and write down how that went; true where it says that more is left. It raises nothing of `do`'s.

    What was not `due`, but asked for by a wake-up, writes down failures alone.
    """
    try:
        more = do()
    except Exception as error:  # one duty that fails must stop no other one
        tell(error, __name__, "duty failed", duty=name)
        _write(FAILED, name=name, error=said(error))
        return False
    if due:
        _write(DONE, name=name)
    return bool(more)


def set_aside(duty: str, row: object, error: Exception) -> None:
    """Have a duty pass this row over for a while: it failed alone, and would fail again at once."""
    tell(error, __name__, "set aside", duty=duty, item=str(row))
    _write(ASIDE, duty=duty, item=str(row), error=said(error))
    _write(FAILED, name=duty, error=said(error))


def failure(duty: str, item: object, error: Exception) -> None:
    """A row went another way than it should have, since it failed; it is done all the same."""
    tell(error, __name__, "not as it should be", duty=duty, item=str(item))
    _write(FAILED, name=duty, error=f"{said(error)} ({item})")


def each(duty: str, rows: Iterable[Any], act: Callable[[Session, Any], object]) -> None:
    """Act on each row in a transaction of its own; one that fails is set aside, one that failed before and is well now
    is no longer named."""
    for row in rows:
        try:
            with transaction(at_work("sweep")) as session:
                act(session, row)
                forget(session, duty, row)
        except Exception as error:
            if is_no_rows_fault(error):
                log(__name__).warning("left for the next time", duty=duty, row=str(row), error=said(error))
            else:
                set_aside(duty, row, error)


def is_no_rows_fault(error: Exception) -> bool:
    """Whether the database was away, ended the connection or gave a lock to somebody else.

    No row is set aside for that, and the next time tries again.
    """
    return isinstance(error, DBAPIError) and passes(error)


def forget(session: Session, duty: str, *rows: object) -> None:
    """These rows went well."""
    gone = sa.text("DELETE FROM set_aside WHERE duty = :duty AND item = ANY(:items)")
    session.execute(gone, {"duty": duty, "items": [str(row) for row in rows]})


def aside(session: Session, duty: str) -> set[str]:
    """The rows that this duty passes over just now."""
    rows = sa.text("SELECT item FROM set_aside WHERE duty = :duty AND again_at > clock_timestamp()")
    return set(session.execute(rows, {"duty": duty}).scalars())


def said(error: Exception) -> str:
    """An error in words that are nobody's: its kind, and of the database's the code and the rule that was broken."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return type(error).__name__
    rule = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return " ".join(filter(None, (type(error.orig).__name__, getattr(error.orig, "sqlstate", None), rule)))


def _write(statement: sa.TextClause, **values: str) -> None:
    try:
        with transaction(at_work("schedule")) as session:
            session.execute(sa.text(QUICKLY))
            session.execute(statement, values)
    except DBAPIError as error:  # the log has it, and the work itself is another transaction's
        log(__name__).warning("not written down", error=said(error))
