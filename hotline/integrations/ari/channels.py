"""heard(), found(): what is known of a channel of Asterisk's, from its events and from a look at all channels.

Events come in any order and as often as they like: what is known afterwards is the same. Times are Asterisk's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Channel:
    """A telephone in a call: a citizen's, or an agent's that we ring.

    It is `here` from `came_at` on: what we ask of it is done. `dialled_at`, `ringing_at` and `up_at` are of one that we
    ring, `up_at` of a citizen's too. It is in `bridge` since `moved_at`, or in none. `gone_at` is the hang-up, `cause`
    its number by Q.850. `pressed` are the keys.
    """

    id: str
    number: str = ""
    called: str = ""
    args: tuple[str, ...] = ()
    app: str = ""
    came_at: datetime | None = None
    dialled_at: datetime | None = None
    ringing_at: datetime | None = None
    up_at: datetime | None = None
    bridge: str | None = None
    moved_at: datetime | None = None
    gone_at: datetime | None = None
    cause: int | None = None
    pressed: frozenset[str] = frozenset()

    @property
    def here(self) -> bool:
        """Whether it does what it is asked."""
        return self.came_at is not None and self.gone_at is None


def moment(said: str) -> datetime:
    """A time as Asterisk writes it, `2026-11-30T20:54:11.123+0000`; raises ValueError for another."""
    return datetime.strptime(said, "%Y-%m-%dT%H:%M:%S.%f%z")


def channel_of(event: Event) -> str | None:
    """Which channel the event is of, where it is of one."""
    channel = event.get("channel")
    return str(channel["id"]) if channel else None


def heard(known: Channel | None, event: Event) -> Channel:
    """What is known of the event's channel after it. Raises KeyError where it is no event of a channel."""
    told, at = event["channel"], moment(event["timestamp"])
    channel = known or Channel(told["id"])
    match event["type"]:
        case "StasisStart":
            said = {"app": event["application"], "args": tuple(event.get("args", ()))}
            return _state(replace(_described(channel, told), came_at=_first(channel.came_at, at), **said), told, at)
        case "ChannelStateChange":
            return _state(_described(channel, told), told, at)
        case "ChannelEnteredBridge":
            if channel.moved_at is None or at > channel.moved_at:
                return replace(channel, bridge=event["bridge"]["id"], moved_at=at)
        case "ChannelLeftBridge":
            if channel.moved_at is None or at >= channel.moved_at:
                left = channel.bridge in (None, event["bridge"]["id"])
                return replace(channel, bridge=None if left else channel.bridge, moved_at=at)
        case "ChannelDtmfReceived":
            return replace(channel, pressed=channel.pressed | {event["digit"]})
        case "ChannelHangupRequest" | "ChannelDestroyed" | "StasisEnd":
            cause = channel.cause if channel.cause is not None else event.get("cause")
            return replace(channel, gone_at=_first(channel.gone_at, at), cause=cause)
    return channel


def found(
    known: Mapping[str, Channel],
    channels: Iterable[Mapping[str, Any]],
    bridges: Iterable[Mapping[str, Any]],
    now: datetime,
) -> dict[str, Channel]:
    """All channels after a look at those that there are at `now`; what is not among them any more has gone by now."""
    inside = {channel: bridge["id"] for bridge in bridges for channel in bridge["channels"]}
    after: dict[str, Channel] = {}
    for told in channels:
        one = _described(known.get(told["id"]) or Channel(told["id"]), told)
        dialplan = told.get("dialplan", {})
        if dialplan.get("app_name") == "Stasis" and one.came_at is None:
            app, *args = dialplan.get("app_data", "").split(",")
            one = replace(one, app=app, args=tuple(args), came_at=moment(told["creationtime"]))
        one = _state(replace(one, gone_at=None, dialled_at=one.dialled_at or now), told, now)
        if one.bridge != inside.get(one.id):
            one = replace(one, bridge=inside.get(one.id), moved_at=None)
        after[one.id] = one
    gone = (one for one in known.values() if one.id not in after)
    return after | {one.id: replace(one, gone_at=one.gone_at or now) for one in gone}


def _described(channel: Channel, told: Mapping[str, Any]) -> Channel:
    number = str(told.get("caller", {}).get("number") or "")
    called = str(told.get("dialplan", {}).get("exten") or "")
    return replace(channel, number=channel.number or number, called=channel.called or called)


def _state(channel: Channel, told: Mapping[str, Any], at: datetime) -> Channel:
    match told.get("state"):
        case "Ringing":
            return replace(channel, ringing_at=_first(channel.ringing_at, at))
        case "Up":
            return replace(channel, up_at=_first(channel.up_at, at))
    return channel


def _first(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else min(known, at)
