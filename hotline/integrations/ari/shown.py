"""Shown: what Asterisk shows of all channels by now, for the connector that leads them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from hotline.integrations.ari.channels import Channel, Event, channel_of, found, heard
from hotline.integrations.ari.steps import Names


class Shown:
    """Kept by events, by looks, and by what we have asked for until its event comes."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._channels: dict[str, Channel] = {}

    def hear(self, event: Event) -> Channel | None:
        """Take an event in; the channel that it is of, if it is of one."""
        name = channel_of(event)
        if name is None:
            return None
        self._channels[name] = heard(self._channels.get(name), event)
        return self._channels[name]

    def sees(self, channels: Iterable[Mapping[str, Any]], bridges: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Take a look in, which began at `now`."""
        self._channels = found(self._channels, channels, bridges, now)

    def citizens(self, app: str) -> list[Channel]:
        """Those who ring us and are there."""
        return [one for one in self._channels.values() if one.here and one.app == app and not self.is_leg(one)]

    def is_leg(self, channel: Channel) -> bool:
        """Whether it is a telephone that we ring."""
        return self._names.leg_of(channel.id) is not None

    def caller(self, channel: str, now: datetime) -> Channel:
        """The channel of this name; one that is not there went while nobody listened."""
        return self._channels.setdefault(channel, Channel(channel, gone_at=now))

    def legs(self, call: int) -> dict[int, Channel]:
        """The telephones rung for a call, by the offers."""
        named = ((self._names.leg_of(one.id), one) for one in self._channels.values())
        return {leg[1]: one for leg, one in named if leg is not None and leg[0] == call}

    def rings(self, leg: str, now: datetime) -> None:
        """We have asked for it."""
        self._channels[leg] = Channel(leg, dialled_at=now)

    def rings_not(self, leg: str) -> None:
        """Nobody knows whether it does: unless it was heard of by now, it is to be asked for again."""
        known = self._channels.get(leg)
        if known is not None and known == Channel(leg, dialled_at=known.dialled_at):
            del self._channels[leg]

    def moved(self, bridge: str, *channels: str) -> None:
        """They are in this bridge, which their events will say."""
        self._change(lambda one: replace(one, bridge=bridge), *channels)

    def answered(self, channel: str, now: datetime) -> None:
        """It is up; its event says since when."""
        self._change(lambda one: replace(one, up_at=one.up_at or now), channel)

    def gone(self, channel: str, now: datetime) -> None:
        """It is no more."""
        self._change(lambda one: replace(one, gone_at=one.gone_at or now), channel)

    def pressed_nothing(self, channel: str) -> None:
        """What was pressed so far is done with."""
        self._change(lambda one: replace(one, pressed=frozenset()), channel)

    def forget_old(self, live: set[int], before: datetime) -> None:
        """Of what went before that moment nothing is kept, but for the telephones of calls that are not over."""
        for channel in [one for one in self._channels.values() if one.gone_at is not None and one.gone_at < before]:
            leg = self._names.leg_of(channel.id)
            if leg is None or leg[0] not in live:
                del self._channels[channel.id]

    def _change(self, to: Callable[[Channel], Channel], *channels: str) -> None:
        for name in channels:
            if name in self._channels:
                self._channels[name] = to(self._channels[name])
