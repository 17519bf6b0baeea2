"""The way to PostgreSQL: one transaction per request or job, and a pool of its own for the two async paths."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, Any

import asyncpg
from fastapi import Depends
from sqlalchemy import Engine, Executable, create_engine
from sqlmodel import Session

from hotline.settings import settings

# A plan made anew for each narrow query costs as much as running it; a request that hangs must not hold others up.
SESSION_OPTIONS = {
    "application_name": "hotline",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "10s",
    "timezone": "UTC",
}


@lru_cache
def engine() -> Engine:
    """The pool of connections of this process (psycopg)."""
    options = " ".join(f"-c {name}={value}" for name, value in SESSION_OPTIONS.items())
    return create_engine(
        settings().sqlalchemy_url,
        pool_size=settings().pool_size,
        max_overflow=settings().pool_size,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 5},
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error; then what was put off is done (see `after`)."""
    with Session(engine(), expire_on_commit=False) as session:
        yield session
        session.commit()
        _do_what_was_put_off(session)


def session() -> Iterator[Session]:
    """The transaction of one request, for FastAPI; use it as `Db`."""
    with transaction() as one:
        yield one


# scope="function": the commit has succeeded before the answer is sent.
Db = Annotated[Session, Depends(session, scope="function")]


def after(session: Session, act: Callable[[], None]) -> None:
    """Do `act` once this transaction has committed, and not at all if it has not."""
    session.info.setdefault("after", []).append(act)


def rows_changed(session: Session, statement: Executable, values: dict[str, Any]) -> int:
    """Run a statement that writes; how many rows it changed."""
    result = session.connection().execute(statement, values)
    return result.rowcount


def _do_what_was_put_off(session: Session) -> None:
    for act in session.info.pop("after", []):
        act()


async def open_pool() -> asyncpg.Pool:
    """A pool for the intake path and the event streams (asyncpg), with JSON as Python values."""
    return await asyncpg.create_pool(
        settings().database_url,
        min_size=1,
        max_size=settings().pool_size,
        server_settings=SESSION_OPTIONS,
        init=_speak_json,
        timeout=5,
        command_timeout=15,
    )


async def _speak_json(connection: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
