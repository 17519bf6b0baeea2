"""Every page of figures over HTTP for a day, a month and three years, beside a page without any figure."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psycopg
from sqlalchemy import NullPool, create_engine

from hotline import logs
from hotline.access.guards import COOKIE
from hotline.access.sessions import begin
from hotline.bench.own import HOST, WEB, environment, own_folder, percentile, point_at, served
from hotline.bench.sums import sum_up
from hotline.bench.years import YEARS, live_through
from hotline.clock import danish, now
from hotline.db import TenantSession, transaction
from hotline.demo.supervisor import Stopping, stoppable
from hotline.directory.models import Person, Role
from hotline.directory.shipped import seed_facts
from hotline.embedded import CannotStart, Logs, Servers, servers
from hotline.migrations.run import migrate
from hotline.settings import settings
from hotline.statistics.rebuild import rebuild
from hotline.statistics.summarize import BATCH, summarize
from hotline.tenant import at_accounts, at_work

RUNS = 7  # of each page; the first one warms up
COUNTED_FOR, REBUILT_FOR = 20, 60  # seconds, or all there is
YARDSTICK = "/account"
Told = Callable[[str], None]


def run(inquiries: int, told: Told) -> dict[str, Any]:
    """Make the inquiries and their journal, count them, ask for every page; the figures by name.

    `p50_ms` and `p95_ms` are of all pages and periods, `slowest` the page with the highest median; `yardstick_ms` is
    the median of a page without figures, asked for in between. Lines of the journal are `counted_per_second` by the
    lane that keeps the figures up, and `rebuilt_per_second` when all are counted anew. Where that would take more than
    a minute it is broken off, and the sums that the pages read are made in the database (sums.py). Raises CannotStart
    with one line where the servers do not run, a page is none, or somebody asked for the end. Call it in the main
    thread; `told` how far it is.
    """
    logs.begin("bench")
    try:
        with stoppable(), own_folder() as folder, servers(folder) as both:
            return _measured(folder, both, inquiries, told)
    except Stopping:
        raise CannotStart("stopped before it was done") from None


def _measured(folder: Path, both: Servers, inquiries: int, told: Told) -> dict[str, Any]:
    env = environment(folder, both)
    point_at(env)
    migrate(create_engine(settings().migration_url, poolclass=NullPool))
    with TenantSession(at_accounts("bench")) as session:
        seed_facts(session)
        session.commit()
    begun = time.perf_counter()
    with psycopg.connect(both.database_url, autocommit=True) as owner:
        largest = live_through(owner, inquiries, now(), lambda so_far: told(f"{so_far} inquiries …"))[0]
        made = time.perf_counter()
        by_lane = _counted_by_lane()
        rebuilt = _rebuilt(told)
        if rebuilt.is_broken_off:
            told("the sums of all …")
            sum_up(owner)
        owner.execute("VACUUM ANALYZE")
    tokens = {Role.SECRETARIAT: _sign_in(Role.SECRETARIAT, None), Role.VIEWER: _sign_in(Role.VIEWER, largest)}
    with served(WEB, env, Logs(folder / "log"), "web") as web:
        took, yardstick = _asked(f"http://{HOST}:{web.port}", tokens, largest)
    every = sorted(ms for of_page in took.values() for ms in of_page)
    slowest = max(took, key=lambda path: median(took[path]))
    return {
        "inquiries": inquiries,
        "p50_ms": round(percentile(every, 0.5), 1),
        "p95_ms": round(percentile(every, 0.95), 1),
        "slowest": {"page": slowest, "ms": round(median(took[slowest]), 1)},
        "yardstick_ms": round(median(yardstick), 1),
        "made_per_second": round(inquiries / (made - begun)),
        "counted_per_second": by_lane,
        "rebuilt_per_second": round(rebuilt.lines / rebuilt.seconds),
        "pages": {path: round(median(ms), 1) for path, ms in took.items()},
    }


@dataclass
class _Rebuilt:
    """How many lines were counted anew in how many seconds, and whether there were more."""

    lines: int = 0
    seconds: float = 0.0
    is_broken_off: bool = False


class _Enough(Exception):
    """The rate is known."""


def _rebuilt(told: Told) -> _Rebuilt:
    """Count all anew, or as much as there is time for: then nothing is, and the sums are those that stood."""
    begun, found = time.perf_counter(), _Rebuilt()

    def so_far(lines: int) -> None:
        found.lines, found.seconds = lines, time.perf_counter() - begun
        told(f"{lines} lines counted …")
        if found.seconds > REBUILT_FOR:
            raise _Enough

    try:
        found.lines = rebuild(at_work("bench"), so_far)
        found.seconds = time.perf_counter() - begun
    except _Enough:
        found.is_broken_off = True
    return found


def _counted_by_lane() -> int:
    """Lines a second, a transaction a batch, as a worker does it."""
    begun, lines = time.perf_counter(), 0
    while time.perf_counter() - begun < COUNTED_FOR:
        with transaction(at_work("bench")) as session:
            taken = summarize(session)
        lines += taken
        if taken < BATCH:
            break
    return round(lines / (time.perf_counter() - begun))


def _sign_in(role: Role, municipality: str | None) -> str:
    with transaction(at_accounts("bench")) as session:
        person = Person(username=role.value, name=role.value, role=role, municipality=municipality)
        session.add(person)
        session.flush()
        assert person.id is not None  # it was stored just now
        return begin(session, person.id, now())


def _asked(url: str, tokens: dict[Role, str], largest: str) -> tuple[dict[str, list[float]], list[float]]:
    """The milliseconds of each page by its address, and those of the yardstick."""
    took, yardstick = dict[str, list[float]](), list[float]()
    today = danish(now()).date() - timedelta(days=1)
    with httpx.Client(base_url=url, timeout=60) as client:
        for number in range(RUNS):
            for role, path in _pages(today, largest):
                headers = {"Cookie": f"{COOKIE}={tokens[role]}", "Authorization": f"Bearer {tokens[role]}"}
                headers.pop("Cookie" if path.startswith("/api") else "Authorization")
                for asked, into in ((path, took.setdefault(path, [])), (YARDSTICK, yardstick)):
                    if asked == YARDSTICK and path.startswith("/api"):
                        continue
                    begun = time.perf_counter()
                    answer = client.get(asked, headers=headers)
                    if answer.status_code != 200:
                        raise CannotStart(f"GET {asked} was answered with {answer.status_code}")
                    if number:
                        into.append(1000 * (time.perf_counter() - begun))
    return took, yardstick


def _pages(last: date, largest: str) -> Iterator[tuple[Role, str]]:
    """Who asks for which page, for periods that end with this day."""
    for first in (last, last - timedelta(days=29), last - YEARS + timedelta(days=1)):
        shown, after = f"?first={first}&last={last}", last + timedelta(days=1)
        yield Role.SECRETARIAT, f"/municipalities{shown}"
        for role in (Role.SECRETARIAT, Role.VIEWER):
            yield role, f"/municipalities/{largest}/statistics{shown}"
        yield Role.SECRETARIAT, f"/api/v1/statistics/exchange?from={first}&to={after}"
        yield Role.VIEWER, f"/api/v1/statistics/municipalities/{largest}?from={first}&to={after}&interval=1mo"
