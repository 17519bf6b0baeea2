"""Sender: hands agents' answers to the gateways, many at once, so that none that hangs delays another."""

import asyncio
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
from hotline.integrations.sms import send
from hotline.integrations.sms.gateway import Gateway, SmsGate
from hotline.integrations.sms.models import SmsGateway
from hotline.integrations.transport import Transport
from hotline.tenant import at_work

SMS = send.SMS
EVERY = 1.0  # seconds between two looks at what is due

T = TypeVar("T")


class Sender:
    """One of a process. Several processes may have one: an answer is claimed by one, and again if that one dies."""

    def __init__(self, transport: Transport, clock: Callable[[], datetime] = now, random: Random | None = None) -> None:
        self._transport, self._clock, self._random = transport, clock, random or Random()
        self._writers = ThreadPoolExecutor(2, SMS)
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, goes_on: Callable[[], bool]) -> None:
        """Look and send while it goes on; what is under way at the end is handed on again by somebody else."""
        while goes_on():
            await self._in_thread(lambda: attempt(SMS, self._write_down, due=False))
            try:
                await self.do_due()
            except Exception as error:  # the next look may find the database again
                tell(error, __name__, "no SMS")
            await asyncio.sleep(EVERY)

    async def do_due(self) -> int:
        """Begin with what is due; how much that was."""
        claimed = await self._in_transaction(lambda session: send.claim(session, self._clock()))
        for one in claimed:
            task = asyncio.create_task(self._send(one))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(claimed)

    async def drain(self) -> None:
        """Look at the journal and send, until nothing is due any more."""
        await self._in_thread(self._write_down)
        while await self.do_due() or self._under_way:
            await asyncio.gather(*self._under_way)

    def gateway(self, row: SmsGateway) -> Gateway:
        """Whatever hands on for this integrator."""
        return SmsGate(self._transport, row.url, row.username, row.password_file)

    def _write_down(self) -> bool:
        with transaction(at_work(SMS)) as session:
            return send.write_down(session, self._clock())

    async def _send(self, claimed: send.Claimed) -> None:
        try:
            found = await self._in_transaction(lambda session: send.sms_of(session, claimed, self._clock()))
            if found is None:
                return
            row, sms = found
            handed = await self.gateway(row).hand_on(sms)
            await self._in_transaction(
                lambda session: send.write(session, claimed, handed, self._clock(), self._random)
            )
        except Exception as error:  # it is claimed until its lease ends, and then handed on again
            tell(error, __name__, "SMS left", message=str(claimed.message_id))

    async def _in_transaction(self, do: Callable[[Session], T]) -> T:
        def work() -> T:
            with transaction(at_work(SMS)) as session:
                return do(session)

        return await self._in_thread(work)

    async def _in_thread(self, do: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writers, do)
