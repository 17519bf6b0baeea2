"""Deliverer: sends what is due, many at once and few to each webhook, so that no slow one delays another."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from random import Random
from typing import TypeVar

from sqlmodel import Session

from hotline.clock import now
from hotline.db import transaction
from hotline.duties import attempt
from hotline.faults import tell
from hotline.integrations.errors import AddressNotAllowed
from hotline.integrations.transport import Transport, Unreachable
from hotline.integrations.webhooks import outcome
from hotline.integrations.webhooks.distribute import distribute
from hotline.integrations.webhooks.message import MEDIA_TYPE, Message, message
from hotline.integrations.webhooks.outcome import Claimed, Tried
from hotline.integrations.webhooks.retries import RESTS_AFTER
from hotline.integrations.webhooks.signing import signed
from hotline.tenant import at_work

DELIVER = "deliver"
EVERY = 0.5  # seconds between two looks at the journal
RESOLVERS, WRITERS = 64, 4  # threads: a name server that does not answer holds up nobody's writing

T = TypeVar("T")


class Deliverer:
    """One of a process. Several processes may send: a delivery is claimed by one, and again if that one dies."""

    def __init__(self, transport: Transport, clock: Callable[[], datetime] = now, random: Random | None = None) -> None:
        self._transport, self._clock, self._random = transport, clock, random or Random()
        self._writers = ThreadPoolExecutor(WRITERS, "webhooks")
        self._busy: Counter[int] = Counter()
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, goes_on: Callable[[], bool]) -> None:
        """Look and send while it goes on; what is under way at the end is sent again by somebody else."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(RESOLVERS, "resolve"))
        while goes_on():
            await self._in_thread(lambda: attempt(DELIVER, self._distribute, due=False))
            try:
                await self.send_due()
            except Exception as error:  # the next look may find the database again
                tell(error, __name__, "nothing sent")
            await asyncio.sleep(EVERY)

    async def send_due(self) -> int:
        """Begin to send what is due and has room; how much that was."""
        busy = dict(self._busy)
        claimed = await self._in_transaction(lambda session: outcome.claim(session, self._clock(), busy, RESTS_AFTER))
        for one in claimed:
            self._busy[one.webhook_id] += 1
            task = asyncio.create_task(self._send(one))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(claimed)

    async def drain(self) -> None:
        """Look at the journal and send, until nothing is due any more."""
        await self._in_thread(self._distribute)
        while await self.send_due() or self._under_way:
            await asyncio.gather(*self._under_way)

    def _distribute(self) -> bool:
        with transaction(at_work(DELIVER)) as session:
            return distribute(session, self._clock())

    async def _send(self, claimed: Claimed) -> None:
        try:
            said = await self._in_thread(lambda: self._message(claimed))
            if said is None:
                await self._in_transaction(lambda session: outcome.not_sent(session, claimed))
                return
            tried = await self._try(said)
            await self._in_transaction(
                lambda session: outcome.write(session, claimed, tried, self._clock(), self._random)
            )
        except Exception as error:  # it is claimed until its lease ends, and then sent again
            tell(error, __name__, "delivery left", delivery=str(claimed.id))
        finally:
            self._busy[claimed.webhook_id] -= 1

    def _message(self, claimed: Claimed) -> Message | None:
        with transaction(at_work(DELIVER)) as session:
            webhook = outcome.of_claimed(session, claimed)
        return message(webhook, claimed.line_id, claimed.inquiry_id, self._clock())

    async def _try(self, said: Message) -> Tried:
        at, begun = self._clock(), time.monotonic()
        headers = {"Content-Type": MEDIA_TYPE, **signed(said.id, at, said.body, said.secrets)}
        status, why, retry_after = None, None, None
        try:
            reply = await self._transport.post(said.url, headers, said.body)
            status, retry_after = reply.status, reply.retry_after
        except Unreachable as error:
            why = str(error)
        except AddressNotAllowed as error:
            why = str(error.members["why"])
        seconds = round(time.monotonic() - begun, 3)
        return Tried(at=at, seconds=seconds, status=status, why=why, retry_after=retry_after)

    async def _in_transaction(self, do: Callable[[Session], T]) -> T:
        def work() -> T:
            with transaction(at_work(DELIVER)) as session:
                return do(session)

        return await self._in_thread(work)

    async def _in_thread(self, do: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writers, do)
