"""Many agents' consoles in a process of their own: signed in, an event stream each, a look at the desk at each event.

What they are offered they take, talk for a while and close, as agents do. Run by painted.py.
"""

import asyncio
from contextlib import suppress
from multiprocessing.synchronize import Event
from random import Random
from typing import Any

import httpx
import psycopg

from hotline.access.guards import COOKIE
from hotline.client import AsyncClient, Problem

SIGNING_IN = 4  # at once: a password takes the web process a twentieth of a second
TALK = (20.0, 60.0)  # seconds
PEOPLE = """
    INSERT INTO person (username, name, role, municipality, active)
    SELECT 'konsol-' || n, 'Konsol ' || n, 'agent', m.code, true
    FROM generate_series(1, %(number)s) n
    JOIN (SELECT municipality AS code, row_number() OVER (ORDER BY municipality) AS k, count(*) OVER () AS places
          FROM membership) m ON m.k = 1 + n %% m.places
    WHERE NOT EXISTS (SELECT 1 FROM person WHERE username = 'konsol-' || n)
    ORDER BY n
"""
NEW = "SELECT id FROM person p WHERE username LIKE 'konsol-%%' AND NOT EXISTS (SELECT 1 FROM agent a WHERE a.id = p.id)"
SIGN_INS = f"""
    INSERT INTO credential (person_id, password_hash)
    SELECT n.id, c.password_hash FROM ({NEW}) n,
        (SELECT password_hash FROM credential JOIN person ON id = person_id WHERE username = %(like)s) c
"""
AGENTS = f"""
    WITH agents AS (INSERT INTO agent (id, municipality, languages)
                    SELECT id, municipality, '{{da}}' FROM person WHERE id IN ({NEW}) RETURNING id),
         skills AS (INSERT INTO agent_skill (agent_id, topic, level)
                    SELECT id, topic, 2 FROM agents, unnest(%(topics)s::text[]) topic)
    INSERT INTO agent_work (agent_id) SELECT id FROM agents
"""


def hire(database: str, number: int, like: str, topics: list[str]) -> list[str]:
    """The user names of so many agents with these topics; they sign in with the password of `like`."""
    asked = {"number": number, "like": like, "topics": topics}
    with psycopg.connect(database) as connection:
        for statement in (PEOPLE, SIGN_INS, AGENTS):
            connection.execute(statement, asked)
    return [f"konsol-{n}" for n in range(1, number + 1)]


def sit(url: str, usernames: list[str], password: str, ready: Event, over: Event) -> None:
    """Hold a console open for each of them, until `over`; `ready` once all streams have told how things stand."""
    asyncio.run(_sit(url, usernames, password, ready, over))


async def _sit(url: str, usernames: list[str], password: str, ready: Event, over: Event) -> None:
    door = asyncio.Semaphore(SIGNING_IN)
    async with AsyncClient(url) as client:
        consoles = [Console(client.another(), one, password, Random(one)) for one in usernames]
        tasks = [asyncio.create_task(one.live(door)) for one in consoles]
        for one in consoles:
            await one.told.wait()
        ready.set()
        while not over.is_set():
            await asyncio.sleep(0.2)
            for task in tasks:
                if task.done():
                    task.result()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Console:
    """One agent at a desk of their own."""

    def __init__(self, api: AsyncClient, username: str, password: str, random: Random) -> None:
        """Nobody yet; `told` once the stream has said how things stand."""
        self.api, self.username, self.password, self.random = api, username, password, random
        self.told, self._new = asyncio.Event(), asyncio.Event()

    async def live(self, door: asyncio.Semaphore) -> None:
        """Sign in, listen, and do what is offered until cancelled."""
        async with door:
            await self.api.sign_in(self.username, self.password)
            await self.api.be("available")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look())
            while True:
                async for name, data in self.api.events():
                    self.told.set()
                    self._new.set()
                    if name == "offer":
                        tasks.create_task(self._answer(data))
                await asyncio.sleep(0.3)

    async def _look(self) -> None:
        """Ask, as the page of a desk does, when the stream tells of something."""
        page = self.api.http.base_url.copy_with(path="/desk/parts")
        while True:
            await self._new.wait()
            await asyncio.sleep(0.005)  # events of one burst are one look
            self._new.clear()
            try:
                answer = await self.api.http.get(page, headers={"Cookie": f"{COOKIE}={self.api.token}"})
                answer.raise_for_status()
            except httpx.TransportError:  # it had closed the connection, idle for five seconds, just then
                self._new.set()

    async def _answer(self, offer: dict[str, Any]) -> None:
        with suppress(Problem):  # it was answered already, or ran out of time
            await self.api.accept(offer["id"])
            await asyncio.sleep(self.random.uniform(*TALK))
            await self.api.close(offer["inquiry"]["id"], "resolved", "Vejledt.")
