"""/healthz, /readyz and /metrics, and what `hotline check` says."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import Connection, Row, text
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hotline.board.board import count_agents, unserved
from hotline.board.held import held_too_long
from hotline.clock import danish, now
from hotline.db import engine, transaction
from hotline.duties import LANES, SCHEDULE
from hotline.errors import NotReady
from hotline.inquiries.states import OPEN, sql
from hotline.live import connection
from hotline.migrations.rights import differing
from hotline.migrations.run import missing
from hotline.policies import current_policy
from hotline.privacy.ring import load
from hotline.queue.in_vain import in_vain
from hotline.rows import AUDIENCES, LOGINS
from hotline.settings import settings
from hotline.tenant import at_work
from hotline.web.problems import answer

router = APIRouter(tags=["operation"])
Found = TypeVar("Found")

COUNTED = f"SELECT state, count(*) AS n FROM inquiry WHERE state IN {sql(OPEN)} GROUP BY state"
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
FAILING = """
    SELECT name, failures, error FROM duty
    WHERE failed_at > coalesce(done_at, 'epoch') OR failed_at > clock_timestamp() - interval '1 hour' ORDER BY name
"""
ASIDE = "SELECT duty, count(*) AS n, min(item) AS item, min(error) AS error FROM set_aside GROUP BY duty ORDER BY duty"
MAY_BECOME = """
    SELECT split_part(application_name, '-', 2) AS kind, usename AS login,
           (SELECT array_agg(role) FROM unnest(CAST(:roles AS text[])) role
            WHERE pg_has_role(usesysid, CAST(role AS name), 'SET')) AS roles
    FROM (SELECT DISTINCT application_name, usename, usesysid FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'hotline-%') running ORDER BY 1, 2
"""
LONGEST = "SELECT greatest(extract(epoch FROM now() - min(queued_at)), 0) FROM inquiry WHERE state = 'waiting'"


@router.get("/healthz", response_class=PlainTextResponse)
def read_health() -> str:
    """The process lives."""
    return "ok"


@router.get("/readyz")
def read_readiness() -> Response:
    """The process can do its work: 200, or 503 with what is missing. Redis may be away, so it is not asked."""
    asked = {"database", "migrations"} if settings().demo else {"database", "migrations", "tenancy"}
    wrong = {name: found for name, found in failures(to_anybody=True, asked=asked).items() if found}
    if wrong:
        return answer(NotReady(missing=wrong))
    return JSONResponse({"ready": True})


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics() -> Response:
    """The hotline in numbers, for Prometheus: counts and seconds, nothing about anybody."""
    registry = CollectorRegistry()
    inquiries = Gauge("hotline_inquiries", "Inquiries that have not ended, by state", ["state"], registry=registry)
    agents = Gauge("hotline_agents", "Agents by what they do", ["state"], registry=registry)
    longest = Gauge("hotline_longest_wait_seconds", "Age of the oldest waiting inquiry", registry=registry)
    nobody = Gauge("hotline_unserved_inquiries", "Waiting inquiries that nobody on duty can take", registry=registry)
    failed = Gauge("hotline_duty_failures", "Failures of repeated work", ["duty"], registry=registry)
    aside = Gauge("hotline_set_aside", "Rows that failed alone and wait to be tried again", ["duty"], registry=registry)
    for duty in (*SCHEDULE, "route"):
        failed.labels(duty).set(0)
        aside.labels(duty).set(0)
    with transaction(at_work("metrics")) as session:
        for row in session.execute(text("SELECT name, failures FROM duty")):
            failed.labels(row.name).set(row.failures)
        for row in session.execute(text(ASIDE)):
            aside.labels(row.duty).set(row.n)
        for row in session.execute(text(COUNTED)):
            inquiries.labels(row.state).set(row.n)
        for state, count in asdict(count_agents(session, now())).items():
            agents.labels(state).set(count)
        nobody.set(sum(one.waiting for one in unserved(session)))
        longest.set(session.execute(text(LONGEST)).scalar_one())
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def failures(to_anybody: bool = False, asked: Collection[str] | None = None) -> dict[str, str | None]:
    """Each part of those `asked` for, with what is wrong with it, None where nothing is.

    A part's own words name hosts, users and paths: `to_anybody` keeps them for `hotline check`.
    """
    checks: dict[str, Callable[[], str | None]] = {
        "keys": _keys,
        "database": _database,
        "migrations": _migrations,
        "tenancy": _tenancy,
        "rows": _rows,
        "logins": _logins,
        "redis": _redis,
        "workers": _workers,
        "duties": _duties,
        "set aside": _set_aside,
        "in hand": _in_hand,
        "in vain": _in_vain,
        "on duty": _on_duty,
    }
    found: dict[str, str | None] = {}
    for name, check in checks.items():
        if asked is not None and name not in asked:
            continue
        try:
            found[name] = check()
        except Exception as error:  # whatever a part throws is what is wrong with it
            said = str(error).strip().split("\n")[0] or type(error).__name__
            found[name] = "it does not answer; `hotline check` says why" if to_anybody else said
    return found


def _keys() -> str | None:
    """The ring is read anew, not taken from what this process holds: the file is what the next process finds."""
    if not settings().key_ring.exists():
        return f"there is no key ring at {settings().key_ring}"
    load(settings().key_ring)
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
    """Repeated work whose last try failed."""
    with transaction(at_work("check")) as session:
        rows = session.execute(text(FAILING)).all()
    return "; ".join(f"{row.name} failed {row.failures} times, last by {row.error}" for row in rows) or None


def _set_aside() -> str | None:
    """Rows that failed alone and are tried again more and more rarely."""
    with transaction(at_work("check")) as session:
        rows = session.execute(text(ASIDE)).all()
    return "; ".join(f"{row.duty} {row.n} (such as {row.item}: {row.error})" for row in rows) or None


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
    said = (f"{one.waiting} of {one.topic} since {danish(one.since):%H:%M}" for one in found)
    return f"nobody can take {', '.join(said)}" if found else None


def _told(ask: Callable[[Connection], Found]) -> Found:
    """What the database says to the role that this process signs in as."""
    with engine().connect() as connection:
        return ask(connection)


def _asked(query: str, **values: object) -> Sequence[Row[Any]]:
    return _told(lambda connection: connection.execute(text(query), values).all())
