"""What `hotline check` and /readyz ask of each part."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import ProgrammingError

from hotline.access.oidc_secret import unready
from hotline.access.password_rules import must_be_readable
from hotline.board.board import unserved
from hotline.board.held import held_too_long
from hotline.citizens import own_key
from hotline.clock import danish, now
from hotline.db import engine, transaction
from hotline.duties import LANES
from hotline.live import connection
from hotline.migrations.rights import differing
from hotline.migrations.run import missing
from hotline.policies import current_policy
from hotline.privacy.ring import load
from hotline.queue.in_vain import in_vain
from hotline.rows import AUDIENCES, LOGINS
from hotline.settings import settings
from hotline.tenant import at_work

Found = TypeVar("Found")

# Roles that the login role is or may become count as well: what they own or may pass over, it may.
BOUND = """
    SELECT r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                   AND pg_has_role(session_user, c.relowner, 'MEMBER')) AS owns,
           EXISTS (SELECT 1 FROM pg_roles o WHERE (o.rolsuper OR o.rolbypassrls)
                   AND pg_has_role(session_user, o.oid, 'MEMBER')) AS becomes
    FROM pg_roles r WHERE r.rolname = session_user
"""
# A worker that is at something long for one lane lets the others wait so long; what it has begun counts as well.
WORKED = """
    SELECT count(*) FROM duty
    WHERE name = ANY(:lanes) AND greatest(begun_at, done_at) > clock_timestamp() - interval '30 seconds'
"""
NAMED = timedelta(hours=1)  # after a failure that is over
FAILING = """
    SELECT name, failures, error, failed_at, done_at FROM duty
    WHERE failed_at > coalesce(done_at, 'epoch') OR failed_at > clock_timestamp() - CAST(:named AS interval)
    ORDER BY name
"""
ASIDE = """
    SELECT DISTINCT ON (duty) duty, count(*) OVER (PARTITION BY duty) AS n, item, error, again_at
    FROM set_aside ORDER BY duty, again_at, item
"""
MAY_BECOME = """
    SELECT split_part(application_name, '-', 2) AS kind, usename AS login,
           (SELECT array_agg(role) FROM unnest(CAST(:roles AS text[])) role
            WHERE pg_has_role(usesysid, CAST(role AS name), 'SET')) AS roles
    FROM (SELECT DISTINCT application_name, usename, usesysid FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'hotline-%') running ORDER BY 1, 2
"""


def failures(to_anybody: bool = False, asked: Collection[str] | None = None) -> dict[str, str | None]:
    """Each part of those `asked` for, with what is wrong with it, None where nothing is.

    A part's own words name hosts, users and paths: `to_anybody` keeps them for `hotline check`. What is wrong with
    the database is said of it alone.
    """
    beside: dict[str, Callable[[], str | None]] = {
        "keys": _keys,
        "policy": _policy,
        "sign-in": unready,
        "passwords": _passwords,
        "citizens": own_key.unready,
        "redis": _redis,
    }
    within: dict[str, Callable[[], str | None]] = {
        "database": _database,
        "migrations": _migrations,
        "tenancy": _tenancy,
        "rows": _rows,
        "logins": _logins,
        "workers": _workers,
        "duties": _duties,
        "set aside": _set_aside,
        "in hand": _in_hand,
        "in vain": _in_vain,
        "on duty": _on_duty,
    }
    found: dict[str, str | None] = {}
    for name, check in (beside | within).items():
        if asked is not None and name not in asked:
            continue
        if name in within and found.get("database"):
            found[name] = "not known without the database"
            continue
        try:
            found[name] = check()
        except Exception as error:  # whatever a part throws is what is wrong with it
            said = str(error).strip().split("\n")[0] or type(error).__name__
            found[name] = "it does not answer; `hotline check` says why" if to_anybody else said
            if found.get("migrations") and isinstance(error, ProgrammingError):
                found[name] = "not known before `hotline migrate`"
    return found


def _keys() -> str | None:
    """The ring is read anew, not taken from what this process holds: the file is what the next process finds."""
    if not settings().key_ring.exists():
        return f"there is no key ring at {settings().key_ring}"
    load(settings().key_ring)
    return None


def _policy() -> str | None:
    current_policy()
    return None


def _passwords() -> str | None:
    must_be_readable()
    return None


def _database() -> str | None:
    _asked("SELECT 1")
    return None


def _migrations() -> str | None:
    lacking = _told(missing)
    return f"missing: {', '.join(lacking)}; run `hotline migrate`" if lacking else None


def _tenancy() -> str | None:
    """Row-level security binds neither the owner of a table nor a superuser, so the hotline may be neither."""
    [found] = _asked(BOUND)
    if found.superuser or found.bypasses or found.becomes:
        return "the database role may pass over row-level security; sign in as hotline_app"
    if found.owns:
        return "the database role owns tables, which frees it of their policies; sign in as hotline_app"
    return None


def _rows() -> str | None:
    """A policy or right that somebody altered by hand, or that a newer release has declared otherwise."""
    found = _told(differing)
    return f"who sees which row is not as declared ({len(found)}); run `hotline migrate`" if found else None


def _logins() -> str | None:
    """A running process that may become more than its kind needs: whoever takes it over could."""
    wrong = []
    for row in _asked(MAY_BECOME, roles=list(AUDIENCES)):
        needs = {*LOGINS.get(f"hotline_{row.kind}", AUDIENCES)}
        if more := sorted(set(row.roles) - needs):
            wrong.append(f"a {row.kind} signs in as {row.login} and may become {', '.join(more)}")
    return "; ".join(wrong) or None


def _redis() -> str | None:
    connection().ping()
    return None


def _workers() -> str | None:
    """A worker looks at its lanes by the second, whether or not there is anything to do, and writes that down."""
    with transaction(at_work("check")) as session:
        return None if session.execute(text(WORKED), {"lanes": list(LANES)}).scalar_one() else "no worker is running"


def _duties() -> str | None:
    """Repeated work whose last try failed, or one within the last hour."""
    with transaction(at_work("check")) as session:
        rows = session.execute(text(FAILING), {"named": NAMED}).all()
    return "; ".join(_failed(row) for row in rows) or None


def _failed(row: Row[Any]) -> str:
    said = f"{row.name} failed at {_clock(row.failed_at)} by {row.error} ({row.failures} times in all)"
    if row.done_at is None:
        return f"{said}, never done"
    if row.failed_at > row.done_at:
        return f"{said}, not done since {_clock(row.done_at)}"
    return f"{said}, done again since; named until {_clock(row.failed_at + NAMED)}"


def _set_aside() -> str | None:
    """Rows that failed alone and are tried again more and more rarely."""
    with transaction(at_work("check")) as session:
        rows = session.execute(text(ASIDE)).all()
    said = (f"{row.duty} {row.n} (such as {row.item}: {row.error}, again at {_clock(row.again_at)})" for row in rows)
    return "; ".join(said) or None


def _in_hand() -> str | None:
    """What has been in somebody's hands for so long that nobody seems to end it."""
    too_long = current_policy().too_long
    with transaction(at_work("check")) as session:
        found = held_too_long(session, now(), too_long)
    return f"for more than {too_long / 60:.0f} minutes: {', '.join(found)}; `hotline inquiry held`" if found else None


def _in_vain() -> str | None:
    """What nobody can take, now or later: nobody who answers there has the skill."""
    with transaction(at_work("check")) as session:
        oldest = next(iter(in_vain(session, now(), None, most=1)), None)
    if oldest is None:
        return None
    waits = "1 waits" if oldest.of_all == 1 else f"{oldest.of_all} wait"
    since = f"for {oldest.age_seconds / 60:.0f} minutes"
    return f"{waits} and nobody can take it, the oldest {oldest.reference} ({oldest.topic}) {since}; end it at /held"


def _on_duty() -> str | None:
    """What waits, while the hotline is open, for agents of whom none is there."""
    with transaction(at_work("check")) as session:
        found = unserved(session)
    said = (f"{one.waiting} of {one.topic} since {_clock(one.since)}" for one in found)
    return f"nobody can take {', '.join(said)}" if found else None


def _clock(moment: datetime) -> str:
    """What a Danish clock showed, or shows then; with its day where that is not today."""
    there, today = danish(moment), danish(now()).date()
    return f"{there:%H:%M}" if there.date() == today else f"{there:%Y-%m-%d %H:%M}"


def _told(ask: Callable[[Connection], Found]) -> Found:
    """What the database says to the role that this process signs in as."""
    with engine().connect() as connection:
        return ask(connection)


def _asked(query: str, **values: object) -> Sequence[Row[Any]]:
    return _told(lambda connection: connection.execute(text(query), values).all())
