"""Keeps the demo alive: citizens who ring, write and hang up, and agents who answer, all through the public API."""

import asyncio
import logging
import math
import signal
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from hotline.client import AsyncClient, Problem
from hotline.demo.agents import Agent, Manner
from hotline.demo.citizens import Message, messages, topic_work
from hotline.demo.facts import Demo, NoDemo, read_demo
from hotline.sample.sign_ins import SignIn

LEFT_TO_PEOPLE = 10  # the first agents of demo.json, whose sign-ins are printed
WAVE_SECONDS, WAVE = 600.0, 0.4  # arrivals swell and ebb by this share
MOST_AT_ONCE = 400  # citizens on their way; while the hotline is away no more begin
QUEUED = ("received", "waiting", "offered")
log = logging.getLogger(__name__)


async def traffic(path: Path, rate: float, agents: int, speed: float, random: Random) -> None:
    """Bring citizens (`rate` a real minute) and `agents` to the hotline of this demo.json until cancelled.

    Outlasts restarts of every part; a demo.json with other keys or address is followed. NoDemo only at the start.
    """
    demo = read_demo(path)
    while True:
        day = asyncio.create_task(_live(demo, rate, agents, speed, random))
        try:
            demo = await _changed(path, demo, day)
        finally:
            day.cancel()
            with suppress(asyncio.CancelledError):
                await day


async def visit(api: AsyncClient, message: Message, external_id: str, speed: float, talks: dict[str, Message]) -> None:
    """One citizen from the first word until they are answered or have hung up. Their words go into `talks`."""
    id = await arrive(api, message, external_id, talks)
    if id and message.patience_seconds is not None:
        await asyncio.sleep(message.patience_seconds / speed)
        if await hang_up(api, id):
            talks.pop(id, None)


async def arrive(api: AsyncClient, message: Message, external_id: str, talks: dict[str, Message]) -> str | None:
    """The new inquiry's id; None, with a line in the log, where the hotline took nothing in (closed, or full)."""
    try:
        answer = await api.hand_in(message.body(external_id), external_id)
    except Problem as error:
        log.warning("not taken in: %s", error)
        return None
    talks[str(answer["id"])] = message
    return str(answer["id"])


async def hang_up(api: AsyncClient, id: str) -> bool:
    """Leave the queue; False for a citizen who was answered first."""
    with suppress(Problem):
        if (await api.inquiry(id))["state"] in QUEUED:
            await api.abandon(id)
            return True
    return False


def chosen(users: Sequence[SignIn], number: int) -> list[SignIn]:
    """So many of these agents that they cover every topic and share the work evenly; the same ones every time."""
    work = topic_work()
    covered: dict[str, float] = defaultdict(float)
    left, picked = list(users), list[SignIn]()
    while left and len(picked) < number:
        best = max(left, key=lambda user: sum(_gain(work, covered, topic) for topic in user.topics))
        left.remove(best)
        picked.append(best)
        for topic in best.topics:
            covered[topic] += 1 / len(best.topics)
    return picked


def _gain(work: dict[str, float], covered: dict[str, float], topic: str) -> float:
    """What one more agent for a topic is worth; a topic that nobody knows yet comes before everything."""
    return work.get(topic, 0.0) / (0.1 + covered[topic]) + (1000.0 if not covered[topic] else 0.0)


async def _changed(path: Path, demo: Demo, day: "asyncio.Task[None]") -> Demo:
    """The next demo that the file describes, once it is another one. What breaks `day` off breaks this off too."""
    while True:
        done, _ = await asyncio.wait({day}, timeout=3)
        if done:
            await day
        with suppress(NoDemo):  # it is being made anew
            if (now := read_demo(path)) != demo:
                return now


async def _live(demo: Demo, rate: float, agents: int, speed: float, random: Random) -> None:
    talks: dict[str, Message] = {}
    async with AsyncClient(demo.url, demo.integrator_key, patience=None) as integrator, asyncio.TaskGroup() as tasks:
        for user in chosen(demo.agents()[LEFT_TO_PEOPLE:], agents):
            agent = Agent(integrator.another(), user, Manner(speed=speed), Random(random.random()), talks)
            tasks.create_task(_employ(agent))
        asked = messages(random, demo.municipalities())
        tasks.create_task(_adopt(integrator, speed, asked))
        await _arrive(tasks, integrator, asked, rate, speed, random, talks)


async def _employ(agent: Agent) -> None:
    """Send the agent back to work whenever the hotline refused something that it should not have."""
    while True:
        try:
            await agent.work()
        except* Problem as group:
            log.warning("%s was refused: %s", agent.user.username, group.exceptions[0])
        await asyncio.sleep(5)


async def _arrive(
    tasks: asyncio.TaskGroup,
    integrator: AsyncClient,
    asked: Iterator[Message],
    rate: float,
    speed: float,
    random: Random,
    talks: dict[str, Message],
) -> None:
    """A Poisson stream of citizens whose rate goes in a slow wave."""
    loop = asyncio.get_running_loop()
    visits: set[asyncio.Task[Any]] = set()
    start = loop.time()
    while True:
        now_a_minute = rate * (1 + WAVE * math.sin(2 * math.pi * (loop.time() - start) / WAVE_SECONDS))
        await asyncio.sleep(random.expovariate(now_a_minute / 60))
        if len(visits) < MOST_AT_ONCE:
            task = tasks.create_task(visit(integrator, next(asked), f"demo-{uuid.uuid4()}", speed, talks))
            visits.add(task)
            task.add_done_callback(visits.discard)


async def _adopt(integrator: AsyncClient, speed: float, asked: Iterator[Message]) -> None:
    """Give those on the line from before a restart their patience back, so that nobody rings for ever."""
    lines = [inquiry for inquiry in await _waiting(integrator) if inquiry["channel"] in ("phone", "chat")]
    async with asyncio.TaskGroup() as tasks:
        for inquiry in lines:
            patience = next(message.patience_seconds for message in asked if message.patience_seconds is not None)
            tasks.create_task(_wait_and_hang_up(integrator, inquiry["id"], patience / speed))


async def _wait_and_hang_up(integrator: AsyncClient, id: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await hang_up(integrator, id)


async def _waiting(integrator: AsyncClient) -> list[dict[str, Any]]:
    """Everything that waits, over as many answers as it takes."""
    items: list[dict[str, Any]] = []
    query = {"state": "waiting", "limit": "100"}
    while True:
        page = await integrator.inquiries(**query)
        items += page["items"]
        if not page.get("next_cursor"):
            return items
        query["cursor"] = page["next_cursor"]


def run(path: Path, rate: float, agents: int, speed: float, random: Random) -> None:
    """`traffic` in an event loop of its own, until Ctrl-C or SIGTERM. NoDemo where there is no demo to visit."""

    async def until_told() -> None:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await traffic(path, rate, agents, speed, random)

    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(until_told())
