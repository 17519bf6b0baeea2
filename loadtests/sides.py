"""Compares a day as the run saw it, as timelines and journal tell it, and as the municipalities' sums have it."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from diary import Diary
from figures import IN_JOURNAL, IN_TIMELINES, SEEN_BY_THE_RUN, Counts, Line, Past, counted, differences, waits

from hotline.client import AsyncClient
from hotline.statistics.measures import measure

SUMS_FOLLOW = 60.0  # seconds within which the last inquiry must have come to the sums
SHOWN = (
    "offered", "answered", "abandoned", "closed", "resolved_first_contact", "transferred", "offers_made",
    "offers_refused", "offers_lapsed", "answered_by_others",
)  # fmt: skip


async def compared(
    reader: AsyncClient,
    integrator: AsyncClient,
    municipalities: Sequence[str],
    database: str | None,
    diary: Diary,
    before: Counts,
) -> tuple[list[str], dict[str, Any]]:
    """What differs, a sentence for each difference, and what the day came to, by the sums.

    `before` are the sums from before the day; without a `database` (the address of its owner) the journal is left out.
    """
    timelines = await _timelines(integrator, diary)
    sides: list[tuple[str, Counts, tuple[str, ...]]] = [
        ("the run saw", counted(diary.pasts()), SEEN_BY_THE_RUN),
        ("timelines tell", counted(timelines), IN_TIMELINES),
    ]
    if database:
        sides.append(("journal holds", counted(_journal(database, diary)), IN_JOURNAL))
    limit = time.monotonic() + SUMS_FOLLOW
    while True:
        after = await _sums(reader, municipalities)
        sums: Counts = {key: after[key] - before.get(key, 0) for key in after}
        wrong = [line for side, counts, names in sides for line in differences(side, counts, sums, names)]
        if not wrong or time.monotonic() > limit:
            return wrong, _of_the_day(sums, waits(timelines))
        await asyncio.sleep(1)


async def settled(reader: AsyncClient, municipalities: Sequence[str]) -> Counts:
    """The sums by municipality and count once they stand still for three seconds: what was before is added up."""
    sums = await _sums(reader, municipalities)
    while True:
        await asyncio.sleep(3)
        again = await _sums(reader, municipalities)
        if again == sums:
            return sums
        sums = again


def _of_the_day(sums: Counts, waited: list[float]) -> dict[str, Any]:
    total: defaultdict[str, float] = defaultdict(float)
    for (_, name), value in sums.items():
        total[name] += value
    level = measure(total).service_level if total["answered"] else None
    return {name: round(total[name]) for name in SHOWN} | {
        "mean_wait_seconds": round(sum(waited) / len(waited), 2) if waited else None,
        "p95_wait_seconds": round(waited[int(0.95 * len(waited))], 2) if waited else None,
        "service_level": round(level, 4) if level is not None else None,
    }


async def _timelines(integrator: AsyncClient, diary: Diary) -> list[Past]:
    """What GET /inquiries/{id} tells of each inquiry of the run."""
    pasts = []
    for id, home in diary.homes.items():
        told = await integrator.inquiry(id)
        lines = [Line(line["event"], datetime.fromisoformat(line["at"])) for line in told["timeline"]]
        pasts.append(Past(home, lines, datetime.fromisoformat(told["received_at"])))
    return pasts


def _journal(database: str, diary: Diary) -> list[Past]:
    """The journal's own lines of the inquiries of the run, read from the database as an auditor would."""
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    came: dict[str, datetime] = {}
    query = """SELECT inquiry_id::text, municipality, event, at, answering, data ->> 'outcome', data ->> 'received_at'
               FROM journal WHERE inquiry_id = ANY(%s::uuid[]) ORDER BY id"""
    homes: dict[str, str] = {}
    with psycopg.connect(database) as connection:
        for id, home, event, at, answering, outcome, received_at in connection.execute(query, [list(diary.homes)]):
            lines[id].append(Line(event, at, answering, outcome))
            homes[id] = home
            if event == "received":
                came[id] = datetime.fromisoformat(received_at)
    return [Past(home, lines[id], came.get(id)) for id, home in homes.items()]


async def _sums(reader: AsyncClient, municipalities: Sequence[str]) -> Counts:
    """Every municipality's counts from yesterday to tomorrow, as the secretariat reads them."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    period = {"from": _written(today - timedelta(days=1)), "to": _written(today + timedelta(days=2)), "interval": "1d"}
    sums: Counts = defaultdict(float)
    for code in municipalities:
        for row in (await reader.call("GET", f"/statistics/municipalities/{code}", **period))["rows"]:
            for name, value in row.items():
                if name not in ("start", "topic", "channel"):
                    sums[code, name] += value
    return sums


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
