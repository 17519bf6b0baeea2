"""What the intake path of one web process keeps at hand: keys, the directory, the committer."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg

from hotline.clock import now
from hotline.directory.queries import Cache
from hotline.intake.committer import Committer
from hotline.intake.keys import Keys
from hotline.jobs import enqueue
from hotline.logs import log

WAITING = "SELECT count(*) FROM inquiry WHERE state = 'waiting'"


class Intake:
    """Made at the start of a web process, ended with it."""

    def __init__(self, pool: asyncpg.Pool, wake: Callable[[str], None] = enqueue) -> None:
        """`wake` puts a job on a lane by its name; it may block and is called in a thread."""
        self.pool = pool
        self.keys = Keys(pool)
        self.directory = Cache()
        self.committer = Committer(pool, now, self._stored)
        self._wake = wake
        self._something = asyncio.Event()
        self._waiting = (now() - timedelta(days=1), 0)
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Start committing and waking."""
        self._tasks = [asyncio.create_task(self.committer.run()), asyncio.create_task(self._wake_workers())]

    async def end(self) -> None:
        """Stop both; what was committed is found by the sweep."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def waiting(self, moment: datetime) -> int:
        """How many wait in the queue, at the most a second old."""
        if moment - self._waiting[0] > timedelta(seconds=1):
            self._waiting = (moment, await self.pool.fetchval(WAITING))
        return self._waiting[1]

    def _stored(self) -> None:
        self._something.set()

    async def _wake_workers(self) -> None:
        """Many inquiries, one wake-up: those stored while it is on its way share the next one."""
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await asyncio.to_thread(self._wake, "classify")
            except Exception as error:  # the sweep asks again within seconds, and the next batch must be able to
                log(__name__).warning("workers not woken", error=type(error).__name__)
