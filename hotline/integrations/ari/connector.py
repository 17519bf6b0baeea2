"""The connector: leads every call of one exchange, by asking `due` whenever something changes on either side.

It keeps nothing that it could not find again: channels are Asterisk's, inquiries PostgreSQL's. So it may be killed at
any moment, and whoever takes over goes on; what waits in Asterisk meanwhile hears music.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from redis import asyncio as redis

from hotline.access.guards import KeyHolder
from hotline.clock import now
from hotline.faults import tell
from hotline.inquiries.states import QUEUED
from hotline.intake.resources import Intake
from hotline.integrations.ari import calls
from hotline.integrations.ari.asterisk import Asterisk, AsteriskAway, AsteriskCannot
from hotline.integrations.ari.channels import Channel
from hotline.integrations.ari.due import due
from hotline.integrations.ari.hands import Hands
from hotline.integrations.ari.lease import RENEWED_EVERY, Lease
from hotline.integrations.ari.rules import Rules
from hotline.integrations.ari.shown import Shown
from hotline.integrations.ari.steps import Names, Stands
from hotline.live import AGENTS
from hotline.logs import log
from hotline.settings import settings

# Seconds.
LOOK = 0.25  # so often it looks by itself, whatever is said or not
AGAIN = 0.3  # after something failed, until it is tried again
REMEMBERED = timedelta(seconds=30)  # of a channel that has gone
REDIS = 2.0


class LeaseLost(Exception):
    """Another connector is at work, or may be."""


class Connector:
    """At work from `lead` on, until it raises; then make another."""

    def __init__(
        self, asterisk: Asterisk, app: str, rules: Rules, intake: Intake, holder: KeyHolder, lease: Lease
    ) -> None:
        self._asterisk, self._app, self._rules, self._lease = asterisk, app, rules, lease
        self._names = Names(app)
        self._shown = Shown(self._names)
        self._hands = Hands(asterisk, self._names, rules, intake, holder, lease, self._shown)
        self._busy: set[int] = set()  # calls for which something is being done
        self._tasks: set[asyncio.Task[None]] = set()
        self._something = asyncio.Event()
        self._found = asyncio.Event()  # what was there in Asterisk when we came
        self._says_at: dict[int, float] = {}  # when who waits is told of their place, by call

    async def lead(self) -> None:
        """Lead the calls. Ends by AsteriskAway, LeaseLost, or what else stops it."""
        jobs = self._hear(), self._listen(), self._renew(), self._lead(), self._look_by_itself()
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (*tasks, *self._tasks):
                task.cancel()
            await asyncio.gather(*tasks, *self._tasks, return_exceptions=True)

    async def _hear(self) -> None:
        async for event in self._asterisk.events():
            if event is None:
                await self._look_around()
            elif event["type"] == "ApplicationReplaced":
                raise LeaseLost("another hears the events")
            elif (channel := self._shown.hear(event)) is not None:
                if event["type"] == "StasisStart" and not self._shown.is_leg(channel):
                    await asyncio.to_thread(calls.came, self._app, channel)
                self._something.set()

    async def _look_around(self) -> None:
        """What there is in Asterisk by now; events come from before this look on."""
        begun = now()
        await self._asterisk.bridge(self._names.waiting, "holding")
        self._shown.sees(await self._asterisk.channels(), await self._asterisk.bridges(), begun)
        for channel in self._shown.citizens(self._app):
            await asyncio.to_thread(calls.came, self._app, channel)
        log(__name__).info("at work", app=self._app, channels=len(self._shown.citizens(self._app)))
        self._found.set()
        self._something.set()

    async def _listen(self) -> None:
        """Redis says when something is offered, accepted or ended; while it is silent we look by ourselves."""
        while True:
            try:
                client = redis.Redis.from_url(settings().redis_url, socket_connect_timeout=REDIS)
                async with client, client.pubsub() as channel:
                    await channel.subscribe(AGENTS)
                    while True:
                        if await channel.get_message(timeout=REDIS) is not None:
                            self._something.set()
            except Exception as error:
                log(__name__).warning("telephony waits for Redis", error=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            try:
                if not await asyncio.to_thread(self._lease.take):
                    raise LeaseLost("another is at work")
            except LeaseLost:
                raise
            except Exception as error:  # the database is away: as long as the lease lasts nobody else begins
                tell(error, __name__, "lease not renewed")
            if not self._lease.is_held():
                raise LeaseLost("it could not be renewed")

    async def _look_by_itself(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            self._something.set()

    async def _lead(self) -> None:
        await self._found.wait()
        while True:
            await self._something.wait()
            self._something.clear()
            busy = set(self._busy)
            try:
                live = await asyncio.to_thread(calls.look, self._app)
            except Exception as error:  # the database is away: who speaks speaks on
                tell(error, __name__, "calls not looked at")
                await asyncio.sleep(AGAIN)
                continue
            for stands in live:
                if stands.call not in busy | self._busy:
                    self._lead_one(stands)
            self._forget({one.call for one in live})

    def _lead_one(self, stands: Stands) -> None:
        moment = now()
        caller, legs = self._shown.caller(stands.channel, moment), self._shown.legs(stands.call)
        steps = due(stands, caller, legs, self._names, moment, self._rules.patience, self._rules.callback_key)
        if steps:
            self._begin(stands, self._hands.do(stands, caller, steps))
        elif stands.state in QUEUED and caller.bridge == self._names.waiting and self._is_to_hear(stands.call):
            self._begin(stands, self._say(stands, caller))

    def _begin(self, stands: Stands, work: Coroutine[Any, Any, None]) -> None:
        self._busy.add(stands.call)
        task = asyncio.create_task(self._guarded(stands, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, stands: Stands, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except AsteriskCannot as error:
            log(__name__).info("not done by the exchange", status=error.status, call=stands.call)
            await asyncio.sleep(AGAIN)
        except AsteriskAway as error:
            log(__name__).warning("exchange away", error=str(error), call=stands.call)
            await asyncio.sleep(AGAIN)
        except Exception as error:  # of one call; the others go on
            tell(error, __name__, "call not led")
            await asyncio.sleep(AGAIN)
        finally:
            self._busy.discard(stands.call)
            self._something.set()

    def _is_to_hear(self, call: int) -> bool:
        at = self._says_at.setdefault(call, time.monotonic() + self._rules.first_after)
        return time.monotonic() >= at

    async def _say(self, stands: Stands, caller: Channel) -> None:
        self._says_at[stands.call] = time.monotonic() + self._rules.then_every
        place = await asyncio.to_thread(calls.where, stands.call, now())
        if place is not None and (sounds := self._rules.said(*place)):
            await self._asterisk.play(caller.id, sounds)

    def _forget(self, live: set[int]) -> None:
        self._shown.forget_old(live, now() - REMEMBERED)
        self._says_at = {call: at for call, at in self._says_at.items() if call in live}


async def at_work(
    asterisk: Callable[[], Asterisk], app: str, rules: Rules, intake: Intake, goes_on: Callable[[], bool]
) -> None:
    """Lead calls while it goes on, whenever no other connector does."""
    lease = Lease(app)
    try:
        while goes_on():
            exchange = asterisk()
            try:
                if await asyncio.to_thread(lease.take):
                    holder = await asyncio.to_thread(calls.integrator, app)
                    await Connector(exchange, app, rules, intake, holder, lease).lead()
            except LeaseLost as error:
                log(__name__).warning("stands by", why=str(error))
            except AsteriskAway as error:
                log(__name__).warning("exchange away", error=str(error))
            except Exception as error:  # whatever it was, nothing is half done: try again
                tell(error, __name__, "telephony failed")
            finally:
                await exchange.close()
            await asyncio.sleep(AGAIN)
    finally:
        if lease.is_held():
            await asyncio.to_thread(lease.give_up)
