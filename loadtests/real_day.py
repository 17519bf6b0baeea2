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
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from diary import ENDED, Diary
from sides import compared, settled

from hotline.client import AsyncClient
from hotline.demo.agents import HELD, Agent, Manner
from hotline.demo.citizens import Message, hour_shares, messages
from hotline.demo.facts import Demo, NoDemo, read_demo
from hotline.demo.traffic import arrive, chosen, hang_up
from hotline.sample.sign_ins import SignIn

T = TypeVar("T")
OPEN = ("received", "waiting", "offered", "handling", "wrapping", "callback")


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
    async with AsyncClient(demo.url, demo.integrator_key, patience=None) as integrator:
        reader = integrator.another()
        await reader.sign_in(secretariat.username, secretariat.password)
        manner = replace(Manner(), speed=speed, misses=0.005)
        people = [
            Agent(integrator.another(), user, manner, Random(n), talks, diary.noticed) for n, user in enumerate(users)
        ]
        others = await _with_work_left(integrator, demo, users)
        leftovers = asyncio.create_task(
            _work([Agent(integrator.another(), user, manner, Random(0), talks) for user in others])
        )
        working = asyncio.create_task(_work(people))
        try:
            empty = await _meanwhile(working, _empty(people, integrator))
            leftovers.cancel()
            await asyncio.gather(leftovers, return_exceptions=True)
            if not empty:
                return _cannot("inquiries of an earlier run stay open; begin with a fresh `hotline demo --no-traffic`")
            before = await settled(reader, demo.municipalities())
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
            wrong, figures = await compared(reader, integrator, demo.municipalities(), database, diary, before)
            figures |= {"seconds": round(seconds, 1), "journal_checked": database is not None}
            return _said(figures, wrong, missing, diary.turned_away, whole=len(diary.homes) == options.inquiries)
        finally:
            for task in (working, leftovers):
                task.cancel()
            await asyncio.gather(working, leftovers, return_exceptions=True)


async def _work(people: Sequence[Agent]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for agent in people:
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
    api: AsyncClient,
    message: Message,
    external_id: str,
    at: float,
    speed: float,
    talks: dict[str, Message],
    diary: Diary,
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
    integrator: AsyncClient, diary: Diary, visits: Sequence["asyncio.Task[None]"], options: argparse.Namespace
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


async def _is_open(integrator: AsyncClient, id: str) -> bool:
    return (await integrator.inquiry(id))["state"] not in ENDED


async def _with_work_left(integrator: AsyncClient, demo: Demo, users: Sequence[SignIn]) -> list[SignIn]:
    """Agents beside these who hold inquiries of an earlier run, which nobody else can end."""
    held = [await integrator.inquiries(state=state, limit="200") for state in HELD]
    details = [await integrator.inquiry(item["id"]) for page in held for item in page["items"]]
    names = {detail["agent"]["username"] for detail in details if detail["agent"]}
    return [user for user in demo.agents() if user.username in names and user not in users]


async def _empty(people: Sequence[Agent], integrator: AsyncClient) -> bool:
    """Whether, once all agents are there, everything left from earlier ends within two minutes."""
    for agent in people:
        await agent.ready.wait()
    for _ in range(120):
        pages = [await integrator.inquiries(state=state, limit="1") for state in OPEN]
        if not any(page["items"] for page in pages):
            return True
        await asyncio.sleep(1)
    return False


def _said(
    figures: dict[str, Any], wrong: Sequence[str], missing: Sequence[str], turned_away: int, *, whole: bool
) -> int:
    """Print the day's line, and what is wrong with it; the exit code."""
    for line in wrong[:20]:
        print(f"DIFFERS {line}", file=sys.stderr)
    for id in missing[:10]:
        print(f"STILL OPEN {id}", file=sys.stderr)
    counts = {"turned_away": turned_away, "still_open": len(missing), "mismatches": len(wrong)}
    print(json.dumps(figures | counts))
    return 0 if whole and not wrong and not missing else 1


def _cannot(reason: str) -> int:
    print(f"real_day: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
