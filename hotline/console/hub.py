"""The consoles' event streams of one web process: woken by Redis, and looking by themselves when it is silent.

A stream does not pass messages on; it reads the agents' state and tells what has changed. So a lost message, a doubled
one or a new connection all end in the same place: the agent sees what is.
"""

import asyncio
import time
from collections import defaultdict
from datetime import datetime

import asyncpg
from redis import asyncio as redis

from hotline.access import sessions
from hotline.agents import presence
from hotline.clock import now
from hotline.console.state import shaped, statement
from hotline.console.stream import Stream
from hotline.db import transaction
from hotline.faults import passes, told
from hotline.live import AGENTS
from hotline.logs import log
from hotline.settings import settings
from hotline.tenant import DOOR, at_work

# Seconds.
BEAT = 3.0
SILENCE = 2 * BEAT  # without a beat for so long, no web process ran
RESYNC = 2.0
LOOK = 0.25  # instead, while Redis is silent, but no more than a fifth of the time
PING, HEARD = 0.25, 0.8  # so often Redis is asked for a sign of life; without one for so long it is silent
ACQUIRE = 5.0  # a connection, and then the answer to one statement
READ_ME_COUNTS = 15.0  # who read /me is there for so long

MOST_STREAMS = 20  # of one agent in one process: more than anybody has tabs, and too few to hold others up

STATES = statement("$1")


class Hub:
    """All streams of this process, one listener on Redis, one heartbeat."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self._streams: dict[int, list[Stream]] = defaultdict(list)  # the oldest first
        self._woken: set[int] = set()
        self._something = asyncio.Event()
        self._read_me: dict[int, float] = {}
        self._coming: set[int] = set()  # agents whose stream waits for the beat that tells of them
        self._beating = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._letting_go = False
        self._heard = 0.0  # of Redis
        self._took = 0.0  # seconds that the last look at the state took

    def begin(self) -> None:
        """Start listening, telling and beating."""
        jobs = (self._listen(), self._tell(), self._resync(), self._beat())
        self._tasks = [asyncio.create_task(job) for job in jobs]

    def let_go(self) -> None:
        """End every stream, and each that is opened from now on: this process stops, and consoles go to another."""
        self._letting_go = True
        for stream in [stream for streams in self._streams.values() for stream in streams]:
            stream.end()

    async def end(self) -> None:
        """End every stream and stop."""
        self.let_go()
        left = set(self._tasks)
        while left:  # the Redis client takes it for a time-out of its own where both come at the same moment
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=0.2)

    async def open(self, agent_id: int, token_hash: bytes) -> Stream:
        """A new stream, with the agent's whole state as its first events, for as long as this sign-in lasts.

        Beyond MOST_STREAMS of one agent the oldest ends.
        """
        stream = Stream(agent_id, token_hash)
        self._streams[agent_id].append(stream)
        for oldest in self._streams[agent_id][:-MOST_STREAMS]:
            oldest.end()
            self.close(oldest)
        self.noticed(agent_id)
        await self._come(agent_id)
        self._wake([agent_id])
        if self._letting_go:
            stream.end()
        return stream

    def close(self, stream: Stream) -> None:
        """The console went away; a second time changes nothing."""
        others = [one for one in self._streams.pop(stream.agent_id, ()) if one is not stream]
        if others:
            self._streams[stream.agent_id] = others

    def noticed(self, agent_id: int) -> None:
        """The agent was heard of: for a while that counts like an open stream. May be called from any thread."""
        self._read_me[agent_id] = time.monotonic() + READ_ME_COUNTS

    def _wake(self, agent_ids: list[int]) -> None:
        self._woken.update(agent_ids)
        self._something.set()

    async def _tell(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            woken = [agent for agent in self._woken if agent in self._streams]
            self._woken.clear()
            if not woken:
                continue
            begun = time.monotonic()
            try:
                async with self.pool.acquire(timeout=ACQUIRE) as connection:
                    rows = await connection.fetch(STATES, woken, timeout=ACQUIRE)
                for row in rows:
                    self._tell_one(row)
                self._took = time.monotonic() - begun
            except Exception as error:  # whatever it is, this task must go on: every console hears through it
                told(error, __name__)
                await asyncio.sleep(0.2 if passes(error) else RESYNC)
                self._wake(woken)

    def _tell_one(self, row: asyncpg.Record) -> None:
        """Tell every console of one agent."""
        try:
            state = shaped(row)
            for stream in list(self._streams.get(row["agent_id"], ())):
                stream.tell(state)
        except Exception as error:  # whatever is wrong with one agent's state, all others must go on hearing
            told(error, __name__)

    async def _listen(self) -> None:
        while True:
            try:
                client = redis.Redis.from_url(settings().redis_url, decode_responses=True, socket_connect_timeout=HEARD)
                async with client, client.pubsub() as channel:
                    async with asyncio.timeout(HEARD):
                        await channel.subscribe(AGENTS)
                    await self._hear(channel)
            except Exception as error:  # the streams look by themselves meanwhile
                log(__name__).warning("streams wait for Redis", error=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _hear(self, channel: redis.client.PubSub) -> None:
        """Wake whoever is named; returns once Redis has been silent for longer than a busy machine explains."""
        self._heard = time.monotonic()
        self._wake(list(self._streams))  # whatever was said while nobody listened
        asked = 0.0
        while time.monotonic() - self._heard < 10 * HEARD:
            if time.monotonic() - asked >= PING:
                asked = time.monotonic()
                await channel.ping()
            message = await channel.get_message(timeout=PING)
            if message is None:
                continue
            if self._is_silent():
                self._wake(list(self._streams))
            self._heard = time.monotonic()
            if message["type"] == "message":
                self._wake([int(one) for one in str(message["data"]).split(",") if one.isascii() and one.isdigit()])

    def _is_silent(self) -> bool:
        return time.monotonic() - self._heard > HEARD

    async def _resync(self) -> None:
        """Have every stream look again now and then, whatever Redis said; often where it says nothing at all."""
        ended = looked = time.monotonic()
        while True:
            await asyncio.sleep(LOOK)
            moment = time.monotonic()
            if moment - ended >= RESYNC:
                ended = moment
                await self._end_those_signed_out()
            if moment - looked >= (max(LOOK, 4 * self._took) if self._is_silent() else RESYNC):
                looked = moment
                self._wake(list(self._streams))

    async def _end_those_signed_out(self) -> None:
        """Whoever signed out, was signed out or may not come in any more hears nothing more, after two seconds."""
        streams = [stream for streams in self._streams.values() for stream in streams]
        if not streams:
            return
        try:
            lasting = await asyncio.to_thread(still_signed_in, {stream.token_hash for stream in streams}, now())
        except Exception as error:  # the database is away: the consoles wait for it too
            told(error, __name__)
            return
        for stream in streams:
            if stream.token_hash not in lasting:
                stream.end()

    async def _beat(self) -> None:
        while True:
            await self._beat_now()
            await asyncio.sleep(BEAT)

    async def _come(self, agent_id: int) -> None:
        """Return once it is written down that this agent is there; those who come meanwhile share the next beat."""
        self._coming.add(agent_id)
        async with self._beating:
            if agent_id in self._coming:
                coming, self._coming = self._coming, set()
                await asyncio.to_thread(beat, list(coming))

    async def _beat_now(self) -> None:
        moment = time.monotonic()
        for agent in [agent for agent, until in list(self._read_me.items()) if until <= moment]:
            self._read_me.pop(agent, None)
        async with self._beating:
            self._coming.clear()
            await asyncio.to_thread(beat, list(self._streams.keys() | self._read_me.keys()))


def still_signed_in(token_hashes: set[bytes], moment: datetime) -> set[bytes]:
    """Those of these sign-ins that last; whoever has a stream open is there, however long they send nothing."""
    with transaction(DOOR) as session:
        return sessions.still_used(session, token_hashes, moment)


def beat(agent_ids: list[int]) -> None:
    """Write down that this web process lives and has heard of these agents."""
    try:
        with transaction(at_work("heartbeat")) as session:
            presence.beat(session, agent_ids, now(), SILENCE, sessions.still_in)
    except Exception as error:  # whatever it was, the next beat must come
        told(error, __name__)
