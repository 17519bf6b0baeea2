"""A whole day of Danish citizens in a few minutes, and then the question whether every figure is right.

    .venv/bin/hotline demo --no-traffic
    .venv/bin/python loadtests/real_day.py .hotline/demo.json

Prints one line of JSON. Exit 0 where every inquiry was closed or abandoned and the municipalities' sums equal what the
run saw, what the timelines tell and what the journal holds; 1 otherwise; 2 where it could not begin.
"""

import argparse
import asyncio
import json
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import psycopg
from figures import IN_JOURNAL, IN_TIMELINES, SEEN_BY_THE_RUN, Counts, Line, Past, counted, differences, waits

from hotline.demo.agents import HELD, Agent, Manner
from hotline.demo.citizens import Message, hour_shares, messages
from hotline.demo.client import Client, Connections, Demo, NoDemo, User, read_demo
from hotline.demo.traffic import arrive, chosen, hang_up
from hotline.statistics.measures import measure

T = TypeVar("T")
ENDED = ("closed", "abandoned", "handed_over")
OPEN = ("received", "waiting", "offered", "handling", "wrapping", "callback")


class Diary:
    """What the run itself saw through the API: who came, and what became of them."""

    def __init__(self) -> None:
        """Empty."""
        self.homes: dict[str, str] = {}
        self.lines: defaultdict[str, list[Line]] = defaultdict(list)
        self.turned_away = 0

    def came(self, id: str, message: Message) -> None:
        """An inquiry was taken in."""
        self.homes[id] = message.municipality

    def hung_up(self, id: str) -> None:
        """A citizen left the queue."""
        self.lines[id].append(Line("abandoned"))

    def noticed(self, event: str, id: str, user: User, outcome: str | None) -> None:
        """An agent did something (hotline/demo/agents.py)."""
        self.lines[id].append(Line(event, answering=user.municipality, outcome=outcome))

    def ended(self, id: str) -> bool:
        """Whether the run saw the end of it."""
        return any(line.event in ENDED for line in self.lines[id])

    def pasts(self) -> list[Past]:
        """Every inquiry of the run, as the run saw it."""
        return [Past(home, self.lines[id]) for id, home in self.homes.items()]


def main() -> None:
    """Read the options, live the day, print what it came to."""
    parser = argparse.ArgumentParser(
        description="A whole day of citizens in a few minutes; then every figure is checked."
    )
    parser.add_argument("demo", type=Path, help="the demo.json that `hotline demo --no-traffic` wrote")
    parser.add_argument("--minutes", type=float, default=10, help="how long the day of twelve hours takes")
    parser.add_argument("--inquiries", type=int, default=1400)
    parser.add_argument("--agents", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--patience", type=float, default=5, help="minutes after the last arrival until it must be over"
    )
    parser.add_argument("--no-journal", action="store_true", help="do not compare with the database's journal")
    options = parser.parse_args()
    try:
        demo = read_demo(options.demo)
    except NoDemo as error:
        sys.exit(_cannot(str(error)))
    database = None if options.no_journal else json.loads(options.demo.read_text("utf-8"))["owner_url"]
    sys.exit(asyncio.run(live(demo, database, options)))


async def live(demo: Demo, database: str | None, options: argparse.Namespace) -> int:
    """The day, then the checks; the exit code."""
    hours = hour_shares()
    speed = len(hours) * 60 / options.minutes
    diary, talks = Diary(), dict[str, Message]()
    random = Random(options.seed)
    users = chosen(demo.agents(), options.agents)
    secretariat = next((user for user in demo.users if user.role == "secretariat"), None)
    if secretariat is None or len(users) < options.agents:
        return _cannot(f"needs a secretariat and {options.agents} agents; there are {len(users)} agents")
    async with Connections(demo.url) as connections:
        integrator, reader = connections.client(demo.integrator_key), connections.client()
        await reader.sign_in(secretariat)
        manner = replace(Manner(), speed=speed, misses=0.005)
        desk = [
            Agent(connections.client(), user, manner, Random(n), talks, diary.noticed) for n, user in enumerate(users)
        ]
        others = await _with_work_left(integrator, demo, users)
        leftovers = asyncio.create_task(
            _work([Agent(connections.client(), user, manner, Random(0), talks) for user in others])
        )
        working = asyncio.create_task(_work(desk))
        try:
            empty = await _meanwhile(working, _empty(desk, integrator))
            leftovers.cancel()
            await asyncio.gather(leftovers, return_exceptions=True)
            if not empty:
                return _cannot("inquiries of an earlier run stay open; begin with a fresh `hotline demo --no-traffic`")
            before = await _settled(reader, demo.municipalities())
            diary.lines.clear()
            start = time.monotonic()
            moments = _moments(random, hours, options.inquiries, options.minutes * 60)
            day = list(islice(messages(random, demo.municipalities(), {"da"}), options.inquiries))
            run = uuid.uuid4().hex[:12]
            visits = [
                asyncio.create_task(_visit(integrator, message, f"day-{run}-{n}", at, speed, talks, diary))
                for n, (at, message) in enumerate(zip(moments, day, strict=True))
            ]
            missing = await _meanwhile(working, _ended(integrator, diary, visits, options))
            seconds = time.monotonic() - start
            for task in visits:
                task.cancel()
            return await _judged(reader, integrator, demo, database, diary, before, missing, seconds, options)
        finally:
            for task in (working, leftovers):
                task.cancel()
            await asyncio.gather(working, leftovers, return_exceptions=True)


async def _work(desk: Sequence[Agent]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for agent in desk:
            tasks.create_task(agent.work())


async def _meanwhile(working: "asyncio.Task[None]", what: Coroutine[Any, Any, T]) -> T:
    """The result of `what`, done while agents work; an agent that meets an error ends the run with it."""
    task = asyncio.create_task(what)
    await asyncio.wait({task, working}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        await working
    return task.result()


async def _visit(
    api: Client, message: Message, external_id: str, at: float, speed: float, talks: dict[str, Message], diary: Diary
) -> None:
    await asyncio.sleep(at)
    id = await arrive(api, message, external_id, talks)
    if id is None:
        diary.turned_away += 1
        return
    diary.came(id, message)
    if message.patience_seconds is not None:
        await asyncio.sleep(message.patience_seconds / speed)
        if not any(line.event == "accepted" for line in diary.lines[id]) and await hang_up(api, id):
            diary.hung_up(id)


def _moments(random: Random, hours: dict[int, float], number: int, seconds: float) -> list[float]:
    """When each citizen turns up, in real seconds from the start, sorted; the hours are as busy as config/demo says."""
    places = random.choices(range(len(hours)), weights=list(hours.values()), k=number)
    return sorted((place + random.random()) * seconds / len(hours) for place in places)


async def _ended(
    integrator: Client, diary: Diary, visits: Sequence["asyncio.Task[None]"], options: argparse.Namespace
) -> list[str]:
    """Wait until every inquiry has ended; the ids of those that have not when patience is over."""
    limit = time.monotonic() + (options.minutes + options.patience) * 60
    told = 0.0
    while True:
        open_still = [id for id in diary.homes if not diary.ended(id)]
        if len(diary.homes) + diary.turned_away == options.inquiries:
            # What the run did not see end may have ended all the same: an answer was lost in a restart.
            open_still = [id for id in open_still if await _is_open(integrator, id)]
            if not open_still:
                return []
        if time.monotonic() > limit:
            return open_still
        for task in visits:
            if task.done():
                task.result()
        if time.monotonic() - told > 30:
            told = time.monotonic()
            print(f"{len(diary.homes)} have come, {len(open_still)} are open", file=sys.stderr, flush=True)
        await asyncio.sleep(1)


async def _is_open(integrator: Client, id: str) -> bool:
    return (await integrator.call("GET", f"/inquiries/{id}"))["state"] not in ENDED


async def _with_work_left(integrator: Client, demo: Demo, users: Sequence[User]) -> list[User]:
    """Agents beside these who hold inquiries of an earlier run, which nobody else can end."""
    held = [await integrator.call("GET", "/inquiries", state=state, limit="200") for state in HELD]
    details = [await integrator.call("GET", f"/inquiries/{item['id']}") for page in held for item in page["items"]]
    names = {detail["agent"]["username"] for detail in details if detail["agent"]}
    return [user for user in demo.agents() if user.username in names and user not in users]


async def _empty(desk: Sequence[Agent], integrator: Client) -> bool:
    """Whether, once all agents are there, everything left from earlier ends within two minutes."""
    for agent in desk:
        await agent.ready.wait()
    for _ in range(120):
        pages = [await integrator.call("GET", "/inquiries", state=state, limit="1") for state in OPEN]
        if not any(page["items"] for page in pages):
            return True
        await asyncio.sleep(1)
    return False


async def _judged(
    reader: Client,
    integrator: Client,
    demo: Demo,
    database: str | None,
    diary: Diary,
    before: Counts,
    missing: Collection[str],
    seconds: float,
    options: argparse.Namespace,
) -> int:
    """Compare all sides, wait a while for the sums to follow, print the line."""
    timelines = await _timelines(integrator, diary)
    sides: list[tuple[str, Counts, tuple[str, ...]]] = [
        ("the run saw", counted(diary.pasts()), SEEN_BY_THE_RUN),
        ("timelines tell", counted(timelines), IN_TIMELINES),
    ]
    if database:
        sides.append(("journal holds", counted(_journal(database, diary)), IN_JOURNAL))
    limit = time.monotonic() + 60
    while True:
        after = await _sums(reader, demo.municipalities())
        sums: Counts = {key: after[key] - before.get(key, 0) for key in after}
        wrong = [line for side, counts, names in sides for line in differences(side, counts, sums, names)]
        if not wrong or time.monotonic() > limit:
            break
        await asyncio.sleep(1)
    for line in wrong[:20]:
        print(f"DIFFERS {line}", file=sys.stderr)
    for id in list(missing)[:10]:
        print(f"STILL OPEN {id}", file=sys.stderr)
    total: defaultdict[str, float] = defaultdict(float)
    for (_, name), value in sums.items():
        total[name] += value
    waited = waits(timelines)
    level = measure(total).service_level if total["answered"] else None
    figures: dict[str, Any] = {
        name: round(total[name])
        for name in ("offered", "answered", "abandoned", "closed", "resolved_first_contact", "transferred")
    } | {
        "offers_made": round(total["offers_made"]),
        "offers_refused": round(total["offers_refused"]),
        "offers_lapsed": round(total["offers_lapsed"]),
        "answered_by_others": round(total["answered_by_others"]),
        "mean_wait_seconds": round(sum(waited) / len(waited), 2) if waited else None,
        "p95_wait_seconds": round(waited[int(0.95 * len(waited))], 2) if waited else None,
        "service_level": round(level, 4) if level is not None else None,
        "seconds": round(seconds, 1),
        "turned_away": diary.turned_away,
        "still_open": len(missing),
        "journal_checked": database is not None,
        "mismatches": len(wrong),
    }
    print(json.dumps(figures))
    whole = len(diary.homes) == options.inquiries
    return 0 if whole and not wrong and not missing else 1


async def _timelines(integrator: Client, diary: Diary) -> list[Past]:
    """What GET /inquiries/{id} tells of each inquiry of the run."""
    pasts = []
    for id, home in diary.homes.items():
        told = await integrator.call("GET", f"/inquiries/{id}")
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


async def _settled(reader: Client, municipalities: Sequence[str]) -> Counts:
    """The sums once they stand still for three seconds: what happened earlier has been added up."""
    sums = await _sums(reader, municipalities)
    while True:
        await asyncio.sleep(3)
        again = await _sums(reader, municipalities)
        if again == sums:
            return sums
        sums = again


async def _sums(reader: Client, municipalities: Sequence[str]) -> Counts:
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


def _cannot(reason: str) -> int:
    print(f"real_day: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
