"""What the intake path of one web process keeps at hand: keys, the directory, the committer."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg

from hotline.clock import now
from hotline.directory.queries import Cache
from hotline.directory.snapshot import Directory
from hotline.inquiries.models import LIVE_CHANNELS
from hotline.intake.committer import Committer
from hotline.intake.keys import Keys
from hotline.intake.requests import InquiryIn
from hotline.lanes import enqueue
from hotline.logs import log

REST = 0.01  # seconds after a wake-up; one more meanwhile would find the workers awake
# Those who are at the other end of the line, of the municipalities that share a queue; no more than matter are counted.
WAITING = """
    SELECT count(*) FROM (SELECT 1 FROM inquiry WHERE state = 'waiting' AND channel = ANY($1) AND municipality = ANY($2)
                          LIMIT $3) w
"""
# Where anybody is who could take something of a topic just now. OFFSET 0 has the planner begin with who has it.
ON_DUTY = """
    SELECT array_agg(DISTINCT a.municipality)
    FROM (SELECT agent_id FROM agent_skill WHERE topic = $1 OFFSET 0) s
    JOIN agent_work w ON w.agent_id = s.agent_id JOIN agent a ON a.id = s.agent_id
    WHERE w.connected AND w.presence = 'available'
"""


class Intake:
    """Made at the start of a web process, ended with it."""

    def __init__(self, pool: asyncpg.Pool, wake: Callable[[str], None] = enqueue) -> None:
        """`wake` has a lane looked at by its name; it may block and is called in a thread."""
        self.pool = pool
        self.keys = Keys(pool)
        self.directory = Cache()
        self.committer = Committer(pool, now, self._stored)
        self._wake = wake
        self._something = asyncio.Event()
        self._waiting: dict[int, tuple[datetime, int]] = {}
        self._counting: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._on_duty: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Start committing and waking."""
        self._tasks = [asyncio.create_task(one) for one in (self.committer.run(), self._wake_workers())]

    async def end(self) -> None:
        """Stop both; what was committed is found by the sweep."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def waiting(self, asked: InquiryIn, directory: Directory, moment: datetime) -> int:
        """How many wait before this call or chat in its collaboration's queue, at the most a second old.

        Nobody is counted where no limit is set; beyond the limit it does not matter how many there are.
        """
        its = directory.collaborations_of(asked.municipality, moment)[:1]
        if asked.channel not in LIVE_CHANNELS or not its or its[0].queue_limit is None:
            return 0
        async with self._counting[its[0].id]:  # those who come meanwhile take the same count
            held = self._waiting.get(its[0].id)
            if held is None or not timedelta(0) <= moment - held[0] <= timedelta(seconds=1):
                members = [one.code for one in directory.members_of(its[0].id, moment)]
                live = [str(channel) for channel in LIVE_CHANNELS]
                held = (moment, await self.pool.fetchval(WAITING, live, members, its[0].queue_limit))
                self._waiting[its[0].id] = held
        return held[1]

    async def nobody_there(self, asked: InquiryIn, directory: Directory, moment: datetime) -> bool:
        """Whether a call or chat comes about a topic that nobody on duty who may answer it has, as of a second ago at
        the most; false where the topic is yet to be read."""
        if asked.channel not in LIVE_CHANNELS or asked.topic is None or asked.topic not in directory.topics:
            return False
        held = self._on_duty.get(asked.topic)
        if held is None or not timedelta(0) <= moment - held[0] <= timedelta(seconds=1):
            held = (moment, frozenset(await self.pool.fetchval(ON_DUTY, asked.topic) or ()))
            self._on_duty[asked.topic] = held
        return held[1].isdisjoint(directory.answering(asked.municipality, moment, asked.topic))

    def _stored(self) -> None:
        self._something.set()

    async def _wake_workers(self) -> None:
        """Many inquiries, one wake-up: those stored while it is on its way, and shortly after, share the next one."""
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await asyncio.to_thread(self._wake, "classify")
            except Exception as error:  # the sweep asks again within seconds, and the next batch must be able to
                log(__name__).warning("workers not woken", error=type(error).__name__)
            await asyncio.sleep(REST)
