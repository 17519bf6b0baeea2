"""What may be due for a call, and what that is decided by: how it stands with the hotline, and what things are called.

due.py decides, hands.py does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.inquiries.states import State


@dataclass(frozen=True)
class Names:
    """What we call things in Asterisk; with these names whoever comes next finds them again."""

    app: str

    @property
    def waiting(self) -> str:
        """The bridge in which all who wait hear music."""
        return f"{self.app}-waiting"

    def talk(self, call: int) -> str:
        """The bridge in which the citizen and the agent of a call speak."""
        return f"{self.app}-talk-{call}"

    def leg(self, call: int, offer: int) -> str:
        """The channel by which an agent is rung for an offer."""
        return f"{self.app}-leg-{call}-{offer}"

    def leg_of(self, channel: str) -> tuple[int, int] | None:
        """The call and the offer of such a channel; None of any other."""
        kind = f"{self.app}-leg-"
        call, _, offer = channel.removeprefix(kind).partition("-")
        return (int(call), int(offer)) if channel.startswith(kind) and call.isdigit() and offer.isdigit() else None


@dataclass(frozen=True)
class Patience:
    """How long who is waited for: `dead` until a telephone that we ring says that it rings, `ring` until it is answered
    where its agent has said so on their page, `phone` until an agent who has none says where they are rung."""

    dead: timedelta = timedelta(seconds=4)
    ring: timedelta = timedelta(seconds=25)
    phone: timedelta = timedelta(seconds=20)


@dataclass(frozen=True)
class Stands:
    """How a call stands with the hotline: its inquiry's state, None where nothing came of it, yet or for the reason
    `in_vain`.

    `offer` is the one that is open or accepted and not over, of `agent`, who is rung at `endpoint`, `since` when.
    """

    call: int
    channel: str
    state: State | None = None
    in_vain: str | None = None
    municipality: str = ""
    reference: str = ""
    offer: int | None = None
    agent: int | None = None
    endpoint: str | None = None
    since: datetime | None = None


class Step:
    """One thing to do."""


@dataclass(frozen=True)
class TakeIn(Step):
    """An inquiry becomes of the call."""


@dataclass(frozen=True)
class Answer(Step):
    """Take the citizen's call."""


@dataclass(frozen=True)
class Wait(Step):
    """The citizen hears music among those who wait."""


@dataclass(frozen=True)
class Ring(Step):
    """Ring this telephone for this offer."""

    offer: int
    endpoint: str


@dataclass(frozen=True)
class HangUp(Step):
    """End this channel."""

    channel: str


@dataclass(frozen=True)
class Talk(Step):
    """The citizen and this channel hear each other."""

    channel: str


@dataclass(frozen=True)
class Accept(Step):
    """The agent has answered the telephone, at this moment."""

    offer: int
    agent: int
    at: datetime


@dataclass(frozen=True)
class Unreached(Step):
    """The agent cannot be offered it there, for this reason."""

    offer: int
    agent: int
    why: str


@dataclass(frozen=True)
class GiveBack(Step):
    """It is out of the hands of an agent who took it on their page and cannot be rung, for this reason."""

    why: str


@dataclass(frozen=True)
class End(Step):
    """The talk, or the wait, was over at this moment."""

    at: datetime


@dataclass(frozen=True)
class Leave(Step):
    """The citizen's call goes back to the exchange, whose dialplan is told why and says so, or dials on."""

    result: str


@dataclass(frozen=True)
class CallBack(Step):
    """The citizen has pressed the key by which they are rung when it is their turn."""


@dataclass(frozen=True)
class Finish(Step):
    """Nothing more can come of it."""
