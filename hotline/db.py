"""The way to PostgreSQL: one transaction per request or batch, each for somebody, and pools for the two async paths."""

import json
import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import Annotated, Any

import asyncpg
import psycopg
from fastapi import Depends, Request
from psycopg import generators, pq
from sqlalchemy import Connection, Engine, Executable, PoolResetState, create_engine, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from hotline.logs import log
from hotline.settings import settings
from hotline.tenant import Tenant, at_accounts, at_retention, at_work

# A request that hangs must not hold others up.
SESSION_OPTIONS = {
    "application_name": "hotline",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "10s",
    "timezone": "UTC",
}
# Of the asyncpg pools: their few statements name states and the like in their text, so one plan is as good for all that
# they are given, and to make it takes longer than to carry it out.
ONE_PLAN = {"plan_cache_mode": "force_generic_plan"}
# Seconds that a request waits for a connection while all are in use; then it is told to come again.
POOL_WAIT = 5.0
# Back to how the connection began. RESET ALL leaves the role as it is, and a temporary table would stand before ours.
ROLE_AND_TABLES = "RESET ROLE; DISCARD TEMP"
LOCKS_AND_CURSORS = "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *"  # asyncpg does this by itself


def hold_nothing_longer_than(seconds: float) -> None:
    """Others wait for what this process holds: PostgreSQL ends a transaction of it that stands still for so long.

    To be said before the first connection is made.
    """
    SESSION_OPTIONS["idle_in_transaction_session_timeout"] = f"{round(seconds * 1000)}ms"


@lru_cache
def engine() -> Engine:
    """The pool of connections of this process (psycopg)."""
    options = " ".join(f"-c {name}={value}" for name, value in SESSION_OPTIONS.items())
    return _engine(settings().sqlalchemy_url, 2 * settings().pool_size, options)


@lru_cache
def _engine(url: str, pool_size: int, options: str) -> Engine:
    """With what it has compiled, which a test that takes up the same address again need not compile anew."""
    made = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,  # under load each of those beyond would be opened for one request and closed after it
        pool_timeout=POOL_WAIT,
        pool_use_lifo=True,  # the one used last has the plans of what is asked again and again
        pool_reset_on_return=None,  # _nobodys does it
        connect_args={"options": options, "connect_timeout": 5},
        hide_parameters=True,  # an error's text ends in logs and in Redis, and what is written may be a citizen's words
    )
    event.listen(made, "checkout", _still_there)
    event.listen(made, "reset", _nobodys)
    return made


def _still_there(connection: psycopg.Connection[Any], *_: object) -> None:
    """Raises DisconnectionError, for a new one, where a connection has ended in the pool.

    Nothing that anybody asked is on its way to it there: what can be read is its end. To ask would take a round trip.
    """
    if not connection.closed:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if not poll.poll(0):
            return
    raise DisconnectionError


def _nobodys(connection: psycopg.Connection[Any], _: object, state: PoolResetState) -> None:
    """A connection comes back to the pool: no transaction, role, setting, lock or table stays of whom it served."""
    connection.rollback()
    if not state.terminate_only:
        _order(connection, f"{LOCKS_AND_CURSORS}; RESET ALL; {ROLE_AND_TABLES}")


class TenantSession(Session):
    """A session whose every transaction is entered for `tenant`."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(engine(), expire_on_commit=False)
        self.tenant = tenant


@event.listens_for(TenantSession, "after_begin")
def _enter(session: TenantSession, _: SessionTransaction, connection: Connection) -> None:
    _order(connection.connection.driver_connection, session.tenant.entering(), begin=True)


def become(session: Session, tenant: Tenant) -> None:
    """From here on this transaction is for `tenant`."""
    if isinstance(session, TenantSession):
        session.flush()
        session.tenant = tenant
        _order(session.connection().connection.driver_connection, tenant.entering())


def _order(connection: Any, commands: str, *, begin: bool = False) -> None:
    """Commands of ours without values and answers, in one round trip: a cursor takes twice the time to send them, and
    begins a transaction first, by another. Raises psycopg.Error."""
    if begin and connection.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        commands = f"BEGIN; {commands}"
    connection.pgconn.send_query(commands.encode())
    for result in connection.wait(generators.execute(connection.pgconn)):
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)


@contextmanager
def transaction(tenant: Tenant) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error; then what was put off is done (see `after`)."""
    with TenantSession(tenant) as session:
        yield session
        session.commit()
        _do_what_was_put_off(session)


async def session(request: Request) -> Session:
    """The transaction of one request, which its route has begun (web/one_thread.py); use it as `Db`."""
    one: Session = request.state.db
    return one


Db = Annotated[Session, Depends(session, scope="function")]


def act(session: Session) -> None:
    """What the asker may do is settled: from here on the hotline acts for them, and may change what that takes."""
    if isinstance(session, TenantSession):
        become(session, at_work(session.tenant.user, session.tenant.person))


@contextmanager
def being(session: Session, whom: Callable[[Tenant], Tenant]) -> Iterator[None]:
    """For the length of the block the transaction is for what `whom` makes of its tenant.

    After an error the transaction is over, and whose it was does not matter any more.
    """
    if not isinstance(session, TenantSession):
        yield
        return
    before = session.tenant
    become(session, whom(before))
    yield
    become(session, before)


def acting(session: Session) -> AbstractContextManager[None]:
    """For the length of the block the hotline acts for the asker, who may not read all that the answer is made from."""
    return being(session, lambda asker: at_work(asker.user, asker.person))


def mending_the_journal(session: Session) -> AbstractContextManager[None]:
    """For the length of the block lines of the journal may be changed, and nothing else done."""
    return being(session, lambda asker: at_retention(asker.user))


def on_behalf_of(session: Session) -> str:
    """For whom this transaction works, as the transaction itself says it."""
    said = session.execute(text("SELECT nullif(current_setting('hotline.who', true), '')")).scalar_one()
    return str(said or "owner of the database")


def enter_accounts(session: Session) -> None:
    """From here on the hotline keeps who may come in, on behalf of whom it acted for."""
    if isinstance(session, TenantSession):
        become(session, at_accounts(session.tenant.user))


def let_go(session: Session) -> None:
    """Keep what this transaction has done so far, and hold no connection until the next statement begins another.

    For the few that are about to wait for something slow; what they read before may have changed after it.
    """
    session.commit()


def after(session: Session, do: Callable[[], None]) -> None:
    """Do something once this transaction has committed, and not at all if it has not; the same is done once."""
    put_off = session.info.setdefault("after", [])
    if do not in put_off:
        put_off.append(do)


def rows_changed(session: Session, statement: Executable, values: dict[str, Any]) -> int:
    """Run a statement that writes; how many rows it changed."""
    return session.connection().execute(statement, values).rowcount


def _do_what_was_put_off(session: Session) -> None:
    for do in session.info.pop("after", []):
        try:
            do()
        except Exception as error:  # it is committed and stays so: the sweep finds what was not done
            log(__name__).warning("not done after a commit", error=type(error).__name__)


class Pool(asyncpg.Pool):
    """A pool that is waited for as long as the other one, also where a query is given to the pool itself."""

    def acquire(self, *, timeout: float | None = POOL_WAIT) -> Any:
        """A connection, for `async with`. Raises TimeoutError where none is free within `timeout` seconds."""
        return super().acquire(timeout=timeout)


async def open_pool(tenant: Tenant) -> asyncpg.Pool:
    """A pool (asyncpg) whose connections are for `tenant` as long as they live, with JSON as Python values."""
    return await Pool(
        settings().database_url,
        loop=None,
        connection_class=asyncpg.Connection,
        record_class=asyncpg.Record,
        max_queries=50_000,
        max_inactive_connection_lifetime=300,
        min_size=1,
        max_size=settings().pool_size,
        server_settings=SESSION_OPTIONS | ONE_PLAN | {"role": tenant.role, "hotline.who": tenant.user},
        init=_speak_json,
        reset=_nobodys_again,
        timeout=5,
        command_timeout=15,
    )


async def _speak_json(connection: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=json.dumps, decoder=json.loads)


async def _nobodys_again(connection: asyncpg.Connection) -> None:
    await connection.execute(f"{connection.get_reset_query()}\n{ROLE_AND_TABLES}")
