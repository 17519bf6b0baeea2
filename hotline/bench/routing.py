"""Passes of the router over a hotline of any size, beside a bare UPDATE of the same rows."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import Any

import psycopg
from sqlalchemy import NullPool, create_engine

from hotline.bench.crowd import gather
from hotline.bench.own import environment, own_folder, percentile, point_at
from hotline.db import TenantSession
from hotline.demo.supervisor import Stopping, stoppable
from hotline.embedded import CannotStart, servers
from hotline.migrations.run import migrate
from hotline.queue.run import route
from hotline.settings import settings
from hotline.tenant import at_accounts

READY = 20  # agents with room, in every size
WARM_UP = 5  # passes
TABLES = ("inquiry", "offer", "journal", "agent_work", "agent", "agent_skill", "person")

MADE = "SELECT inquiry_id, agent_id FROM offer WHERE state = 'open'"
UNDO = (
    "UPDATE inquiry i SET state = 'waiting' FROM offer o WHERE o.inquiry_id = i.id AND o.state = 'open'",
    "UPDATE agent_work w SET load = w.load - o.units FROM offer o WHERE o.agent_id = w.agent_id AND o.state = 'open'",
    "DELETE FROM journal j USING offer o WHERE j.inquiry_id = o.inquiry_id AND o.state = 'open'",
    "DELETE FROM offer WHERE state = 'open'",
)
BARE = """
    UPDATE inquiry i SET state = 'offered' FROM unnest(%s::uuid[], %s::bigint[]) AS m(inquiry, agent)
    WHERE i.id = m.inquiry
"""
BARE_UNDO = "UPDATE inquiry i SET state = 'waiting' FROM unnest(%s::uuid[]) AS m(inquiry) WHERE i.id = m.inquiry"


@dataclass(frozen=True)
class Asked:
    """What to measure: `runs` passes over so many agents, of whom `ready` have room, and so many that wait.

    With `ignorant` the planner knows the tables as they were when empty; with `held` another transaction keeps its
    snapshot open all the time; for `home_first` seconds citizens' own municipality is asked alone.
    """

    agents: int
    waiting: int
    runs: int
    ready: int = READY
    ignorant: bool = False
    held: bool = False
    home_first: int = 0


def run(asked: Asked) -> dict[str, Any]:
    """Measure; the figures by name. Of each pass is checked that it made its offers, and undone what it did.

    `bare_per_second` are the rows a second of one UPDATE of the same rows in a transaction of its own, `ratio` the
    decisions a second beside them; both are missing where nothing waits. Raises CannotStart with one line where the
    servers do not run, a pass made another number of offers, or somebody asked for the end. Call it in the main thread.
    """
    try:
        with stoppable(), own_folder() as folder, servers(folder) as both:
            point_at(environment(folder, both))
            with psycopg.connect(both.database_url, autocommit=True) as owner:
                _prepare(owner, asked)
                with _snapshot(both.database_url) if asked.held else nullcontext():
                    return _measured(owner, asked)
    except Stopping:
        raise CannotStart("stopped before it was done") from None


def _prepare(owner: psycopg.Connection[Any], asked: Asked) -> None:
    migrate(create_engine(settings().migration_url, poolclass=NullPool))
    if asked.ignorant:
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
        owner.execute("ANALYZE")
    with TenantSession(at_accounts("bench")) as session:
        gather(owner, session, asked.agents, asked.waiting, asked.ready, asked.home_first)
    if not asked.ignorant:
        owner.execute("VACUUM ANALYZE")


@contextmanager
def _snapshot(url: str) -> Iterator[None]:
    """Somebody else reads all the time, and has seen the tables as they are now."""
    with psycopg.connect(url) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM membership")
        yield


def _measured(owner: psycopg.Connection[Any], asked: Asked) -> dict[str, Any]:
    passes, bare, expected = list[float](), list[float](), _expected(asked)
    for _ in range(WARM_UP + asked.runs):
        took, made = _timed(route)
        rows = owner.execute(MADE).fetchall()
        expected = made if expected is None else expected
        if made != expected or len(rows) != expected:
            raise CannotStart(f"a pass made {made} offers, not {expected}: more must wait for so many agents")
        for statement in UNDO:
            owner.execute(statement)
        passes.append(took)
        inquiries, agents = [row[0] for row in rows], [row[1] for row in rows]
        bare.append(_timed(partial(owner.execute, BARE, (inquiries, agents)))[0])
        owner.execute(BARE_UNDO, (inquiries,))
    return _told(asked, sorted(passes[WARM_UP:]), bare[WARM_UP:], expected or 0)


def _expected(asked: Asked) -> int | None:
    """How many offers each pass makes; None where the first one is to say it, since not all with room can help."""
    return asked.ready if asked.ready == READY and asked.waiting else None


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """The milliseconds that it took, and what it gave back."""
    begun = time.perf_counter()
    found = do()
    return 1000 * (time.perf_counter() - begun), found


def _told(asked: Asked, passes: list[float], bare: list[float], offers: int) -> dict[str, Any]:
    told = vars(asked) | {
        "offers_per_run": offers,
        "p50_ms": round(percentile(passes, 0.5), 2),
        "p99_ms": round(percentile(passes, 0.99), 2),
        "decisions_per_second": round(1000 * offers / fmean(passes), 1),
    }
    if not offers:
        return told
    bare_per_second = 1000 * offers / fmean(bare)
    return told | {
        "bare_per_second": round(bare_per_second, 1),
        "ratio": round(1000 * offers / fmean(passes) / bare_per_second, 4),
    }
