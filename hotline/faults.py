"""What an error is told as that nobody meant to raise: 503 for what passes by itself, 500 for what is ours."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg
import redis
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolUsedUp

from hotline.clock import now
from hotline.errors import HotlineError, InternalError, Invalid, NotReady
from hotline.ids import new_id
from hotline.logs import log
from hotline.resources import PACKAGE, ROOT, WORKERS

# What PostgreSQL says of itself (SQLSTATE, whole or its class): a connection lost or refused, too few resources, a
# state that another one is needed for, an administrator, a lock or a time-out, a restart, a standby that took over,
# two transactions in each other's way.
PASSING = ("08", "28", "3D", "53", "55", "57", "58", "40", "25006", "25P03", "25P04")
# A value that cannot be stored is the sender's: too long, too large, no such day, no such character.
SENDERS = ("22001", "22003", "22007", "22008", "22021", "22P05")
LOST = (psycopg.OperationalError, psycopg.InterfaceError)  # these very ones: what PostgreSQL said has its own kinds


def told(error: Exception, where: str) -> HotlineError:
    """What is answered instead of this error, which is in the log once this returns; `where` is the module that met it.

    Neither says what was sent: the log has kind, sqlstate, constraint and trace, the answer the id of that line alone.
    """
    if isinstance(error, HotlineError):
        return error
    state, _ = _said(error)
    if state in SENDERS or _is_unsendable(error):
        return Invalid("a value cannot be stored")
    if passes(error):
        log(where).warning("away", error=type(_cause(error)).__name__, sqlstate=state)
        return NotReady()
    return InternalError(id=tell(error, where))


def tell(error: BaseException, where: str, event: str = "fault", **facts: str) -> str:
    """Write an error that nobody meant to raise to the log, as all processes do; the id of its line.

    `where` is the module that met it, `facts` say at what. What passes by itself is a warning without a trace.
    """
    state, constraint = _said(error)
    fault, kind = str(new_id(now())), type(_cause(error)).__name__
    if passes(error):
        log(where).warning(event, id=fault, error=kind, sqlstate=state, **facts)
    else:
        there = " ".join(trace(error))
        log(where).error(event, id=fault, error=kind, sqlstate=state, constraint=constraint, trace=there, **facts)
    return fault


def passes(error: BaseException) -> bool:
    """Whether the same may go well in a moment, with nothing mended: a part was away, or too much was asked at once."""
    if isinstance(error, (PoolUsedUp, redis.ConnectionError, redis.TimeoutError)):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = _cause(error)
    state, _ = _said(error)
    if state is not None:
        return state.startswith(PASSING)
    if isinstance(cause, OSError):
        return cause.filename is None  # without the name of a file it is of a socket
    if isinstance(cause, asyncpg.InterfaceError):
        return "clos" in str(cause)  # a connection or a pool is closed, or closing
    return isinstance(cause, asyncpg.InternalClientError) or type(cause) in LOST


def trace(error: BaseException) -> Iterator[str]:
    """Where an error and those that led to it were raised, innermost last: the lines of ours, and the very last one.

    No message and no value: a citizen's words may stand in them.
    """
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from trace(earlier)
    yield type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    for frame in frames:
        path = Path(frame.filename)
        ours = path.is_relative_to(PACKAGE) or path.is_relative_to(ROOT / WORKERS)
        if ours or frame is frames[-1]:
            yield f"{path.relative_to(ROOT) if ours else Path(*path.parts[-2:])}:{frame.lineno}:{frame.name}"


def _cause(error: BaseException) -> BaseException:
    """The driver's own error, where SQLAlchemy has wrapped it."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _said(error: BaseException) -> tuple[str | None, str | None]:
    """The SQLSTATE and the constraint that PostgreSQL named."""
    cause = _cause(error)
    diag = getattr(cause, "diag", None)
    constraint = getattr(cause, "constraint_name", None) or getattr(diag, "constraint_name", None)
    return getattr(cause, "sqlstate", None), constraint


def _is_unsendable(error: BaseException) -> bool:
    """Whether the driver itself found a value that no statement can hold."""
    return type(_cause(error)) in (psycopg.DataError, asyncpg.DataError)
