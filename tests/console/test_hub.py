"""Whatever the database or a single agent's state does to the task that tells, consoles go on hearing."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text

from hotline.access import sessions
from hotline.access.models import SignInSession
from hotline.agents import presence
from hotline.clock import now
from hotline.console import hub
from hotline.console.hub import BEAT, MOST_STREAMS, PING, Hub
from hotline.db import open_pool
from hotline.settings import settings
from hotline.tenant import CONSOLE
from tests.builders import a_sign_in, an_agent
from tests.building import accounts, owner, transaction

DEATHS = (asyncpg.InternalClientError("torn"), asyncpg.InterfaceError("closing"), OSError("gone"), KeyError("unheard"))

MANY = """
    WITH people AS (
        INSERT INTO person (username, name, role, municipality, active)
        SELECT 'agent-' || n, 'Agent ' || n, 'agent', '0746', true FROM generate_series(1, 200) n
        RETURNING id, municipality
    ), agents AS (
        INSERT INTO agent (id, municipality, languages) SELECT id, municipality, '{da}' FROM people RETURNING id
    )
    INSERT INTO agent_work (agent_id, presence, idle_since) SELECT id, 'available', now() FROM agents RETURNING agent_id
"""
COUNTED = """
    CREATE TABLE written (agent_id bigint);
    CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        AS $$ BEGIN INSERT INTO written VALUES (NEW.agent_id); RETURN NULL; END $$;
    CREATE TRIGGER counted AFTER INSERT OR UPDATE ON agent_seen FOR EACH ROW EXECUTE FUNCTION note_it()
"""


class Dying:
    """A real pool whose connections die of something before they work again, as at a kill of the server."""

    def __init__(self, pool):
        self.pool, self.in_acquiring, self.in_asking = pool, [], []

    def died(self):
        return not self.in_acquiring and not self.in_asking

    @asynccontextmanager
    async def acquire(self, **given):
        if self.in_acquiring:
            raise self.in_acquiring.pop()
        async with self.pool.acquire(**given) as connection:
            yield Mortal(connection, self.in_asking)


class Mortal:
    """One connection of such a pool."""

    def __init__(self, connection, deaths):
        self.connection, self.deaths = connection, deaths

    async def fetch(self, *asked, **given):
        if self.deaths:
            raise self.deaths.pop()
        return await self.connection.fetch(*asked, **given)


def signed_in_agent():
    """An agent who is signed in: id, and the hash of the sign-in."""
    agent_id, username = an_agent()
    return agent_id, sessions.token_hash(a_sign_in(username))


def says(agent_id, state):
    with transaction() as session:
        presence.say(session, agent_id, state, None, now())


async def hears(events, state):
    """Read on until this presence is told; fails where it is not within a minute."""
    async with asyncio.timeout(60):
        async for event in events:
            told = dict(line.split(": ", 1) for line in event.strip().splitlines() if ": " in line)
            if told.get("event") == "presence" and json.loads(told["data"])["state"] == state:
                return
    pytest.fail("the stream ended")


@asynccontextmanager
async def a_hub():
    """A hub at work on a real pool whose connections can die."""
    async with await open_pool(CONSOLE) as pool:
        dying = Dying(pool)
        hub = Hub(dying)
        hub.begin()
        try:
            yield hub, dying
        finally:
            await hub.end()


@pytest.mark.parametrize("where", ["in_acquiring", "in_asking"])
@pytest.mark.parametrize("death", DEATHS, ids=lambda death: type(death).__name__)
def test_whatever_a_connection_dies_of_the_console_hears_what_comes_next(with_facts, where, death):
    agent_id, sign_in = signed_in_agent()

    async def a_day():
        async with a_hub() as (hub, dying):
            events = (await hub.open(agent_id, sign_in)).events()
            await hears(events, "offline")
            getattr(dying, where).append(death)
            for state in ("available", "break"):
                await asyncio.to_thread(says, agent_id, state)
                await hears(events, state)
            assert dying.died()

    asyncio.run(a_day())


def test_who_has_a_stream_open_stays_signed_in(with_facts):
    agent_id, sign_in = signed_in_agent()
    long_ago = timedelta(minutes=settings().session_idle_minutes - 1)

    def moved(by):
        with accounts() as session:
            row = session.get_one(SignInSession, sign_in)
            row.seen_at -= by
            return row.seen_at

    async def a_day():
        async with a_hub() as (hub, _):
            events = (await hub.open(agent_id, sign_in)).events()
            await hears(events, "offline")
            before = await asyncio.to_thread(moved, long_ago)
            async with asyncio.timeout(60):
                while await asyncio.to_thread(moved, timedelta(0)) == before:
                    await asyncio.sleep(0.1)
            await asyncio.to_thread(moved, long_ago)
            await asyncio.to_thread(says, agent_id, "available")
            await hears(events, "available")

    asyncio.run(a_day())


def test_one_agents_state_that_cannot_be_told_keeps_nothing_from_the_others(with_facts, monkeypatch):
    broken, his_sign_in = signed_in_agent()
    other, her_sign_in = signed_in_agent()
    shaped = hub.shaped

    def shaped_unless_broken(row):
        if row["agent_id"] == broken:
            raise ValueError("a state that nobody thought of")
        return shaped(row)

    monkeypatch.setattr(hub, "shaped", shaped_unless_broken)

    async def a_day():
        async with a_hub() as (hub, _):
            await hub.open(broken, his_sign_in)
            events = (await hub.open(other, her_sign_in)).events()
            await hears(events, "offline")
            await asyncio.to_thread(says, other, "available")
            await hears(events, "available")

    asyncio.run(a_day())


def test_of_too_many_streams_of_one_agent_the_oldest_ends_and_the_newest_hears(with_facts):
    agent_id, sign_in = signed_in_agent()

    async def a_day():
        async with a_hub() as (hub, _):
            opened = [await hub.open(agent_id, sign_in) for _ in range(MOST_STREAMS + 2)]
            async with asyncio.timeout(60):
                for ended in opened[:2]:
                    assert [event async for event in ended.events()] == ["retry: 1000\n\n"]
                    hub.close(ended)
            await asyncio.to_thread(says, agent_id, "available")
            for still_open in (opened[2], opened[-1]):
                await hears(still_open.events(), "available")

    asyncio.run(a_day())


def test_consoles_that_come_back_together_are_each_written_down_once_and_not_each_for_all(with_facts):
    with accounts() as session:
        rows = session.connection().execute(text(MANY)).scalars().all()
    with owner().begin() as connection:
        connection.execute(text(COUNTED))

    def written():
        with owner().connect() as connection:
            return connection.execute(text("SELECT count(*) FROM written")).scalar_one()

    async def a_morning():
        async with a_hub() as (hub, _):
            begun = time.monotonic()
            await asyncio.gather(*(hub.open(agent_id, b"") for agent_id in rows))
            beats = 1 + (time.monotonic() - begun) // BEAT
            writes = await asyncio.to_thread(written)
            print(f"{len(rows)} streams opened at once: {writes} writes of agent_seen")
            assert len(rows) <= writes <= len(rows) * (1 + beats)

    asyncio.run(a_morning())


def test_a_web_process_ends_also_where_the_redis_client_takes_that_for_a_time_out(with_facts):
    async def a_short_life(pool, seconds):
        hub = Hub(pool)
        hub.begin()
        await asyncio.sleep(seconds)
        await hub.end()

    async def lives():
        async with await open_pool(CONSOLE) as pool, asyncio.timeout(60):
            # A wait for Redis is over after PING: the end comes a little earlier, just then, a little later.
            await asyncio.gather(*(a_short_life(pool, PING + n * 0.001) for n in range(-10, 70)))

    asyncio.run(lives())
