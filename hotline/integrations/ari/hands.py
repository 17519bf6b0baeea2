"""Hands: does what is due for a call, in Asterisk and in the hotline."""

import asyncio
import json
from collections.abc import Awaitable, Sequence
from uuid import UUID

from hotline.access.guards import KeyHolder
from hotline.clock import now
from hotline.errors import HotlineError
from hotline.intake.api import hand_in
from hotline.intake.errors import DuplicateExternalId
from hotline.intake.resources import Intake
from hotline.integrations.ari import calls
from hotline.integrations.ari.asterisk import THERE, Asterisk, AsteriskAway, AsteriskCannot
from hotline.integrations.ari.channels import Channel
from hotline.integrations.ari.lease import Lease
from hotline.integrations.ari.rules import Rules
from hotline.integrations.ari.shown import Shown
from hotline.integrations.ari.steps import (
    Accept,
    Answer,
    CallBack,
    End,
    Finish,
    GiveBack,
    HangUp,
    Leave,
    Names,
    Ring,
    Stands,
    Step,
    TakeIn,
    Talk,
    Unreached,
    Wait,  # fmt: skip
)
from hotline.logs import log

RINGS_AT_MOST = 120  # seconds; a telephone, should nobody be there to end it


class Hands:
    """Of one connector."""

    def __init__(
        self,
        asterisk: Asterisk,
        names: Names,
        rules: Rules,
        intake: Intake,
        holder: KeyHolder,
        lease: Lease,
        shown: Shown,
    ) -> None:
        """`holder` is as whom calls are handed in."""
        self._asterisk, self._names, self._rules = asterisk, names, rules
        self._intake, self._holder, self._lease, self._shown = intake, holder, lease, shown

    async def do(self, stands: Stands, caller: Channel, steps: Sequence[Step]) -> None:
        """One step after the other, as long as the lease is ours. Raises AsteriskAway, AsteriskCannot."""
        for step in steps:
            if not self._lease.is_held():
                return
            await self._take(step, stands, caller)

    async def _take(self, step: Step, stands: Stands, caller: Channel) -> None:
        names, asterisk = self._names, self._asterisk
        match step:
            case TakeIn():
                await self._take_in(stands.call, caller)
            case Answer():
                await self._unless_gone(caller.id, asterisk.answer(caller.id))
                self._shown.answered(caller.id, now())
            case Wait():
                await self._unless_gone(caller.id, asterisk.join(names.waiting, caller.id))
                self._shown.moved(names.waiting, caller.id)
            case Ring(offer, endpoint):
                await self._ring(names.leg(stands.call, offer), endpoint, stands)
            case HangUp(channel):
                await self._unless_gone(channel, asterisk.hang_up(channel))
                self._shown.gone(channel, now())
            case Talk(channel):
                talk = names.talk(stands.call)
                await asterisk.bridge(talk, "mixing")
                await asterisk.join(talk, caller.id, channel)
                self._shown.moved(talk, caller.id, channel)
            case Accept(offer, agent, at):
                await asyncio.to_thread(calls.accept, offer, agent, at, now())
            case Unreached(offer, agent, why):
                await asyncio.to_thread(calls.not_reached, offer, agent, why, now())
            case GiveBack(why):
                await asyncio.to_thread(calls.gives_back, stands.call, why, now())
            case End(at):
                await asyncio.to_thread(calls.ends, stands.call, at, now())
            case CallBack():
                await self._call_back(stands, caller)
            case Leave(result):
                await asterisk.tell(caller.id, "HOTLINE_RESULT", result)
                await asterisk.tell(caller.id, "HOTLINE_MUNICIPALITY", stands.municipality)
                await self._unless_gone(caller.id, asterisk.leave(caller.id))
                self._shown.gone(caller.id, now())
            case Finish():
                await self._finish(stands)

    async def _take_in(self, call: int, caller: Channel) -> None:
        asked = await asyncio.to_thread(calls.asked_for, call, caller, self._rules) if caller.came_at else None
        if asked is None:
            why = calls.UNKNOWN_NUMBER if caller.came_at else calls.GONE
            await asyncio.to_thread(calls.came_to_nothing, call, why)
            return
        try:
            answer = await hand_in(self._intake, self._holder, calls.body_of(asked), None, now())
            inquiry_id = json.loads(answer.body)["id"]
        except DuplicateExternalId as known:
            inquiry_id = known.members["id"]
        except HotlineError as error:
            if error.status >= 500:
                raise
            log(__name__).info("no inquiry of a call", kind=error.slug())
            await asyncio.to_thread(calls.came_to_nothing, call, error.slug())
            return
        await asyncio.to_thread(calls.became, call, UUID(inquiry_id))

    async def _ring(self, leg: str, endpoint: str, stands: Stands) -> None:
        self._shown.rings(leg, now())
        caller_id = f'"{self._rules.caller} {stands.reference}" <{self._rules.caller_number}>'
        try:
            await self._asterisk.ring(leg, self._rules.dialled(endpoint), caller_id, RINGS_AT_MOST)
        except AsteriskCannot as error:
            if error.status != THERE:  # it rings already
                self._shown.gone(leg, now())  # there is no such telephone
        except AsteriskAway:
            self._shown.rings_not(leg)
            raise

    async def _call_back(self, stands: Stands, caller: Channel) -> None:
        moment = now()
        if not await asyncio.to_thread(calls.calls_back, stands.call, self._holder, caller.number, moment):
            self._shown.pressed_nothing(caller.id)

    async def _finish(self, stands: Stands) -> None:
        await asyncio.to_thread(calls.over, stands.call)
        try:
            await self._asterisk.end_bridge(self._names.talk(stands.call))
        except AsteriskCannot:  # they never spoke
            return

    async def _unless_gone(self, channel: str, asked: Awaitable[None]) -> None:
        """A channel that has gone meanwhile is told of by its event; until then it is as good as gone."""
        try:
            await asked
        except AsteriskCannot as error:
            if error.status != 404:
                raise
            self._shown.gone(channel, now())
