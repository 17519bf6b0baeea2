"""Lines of the journal into each time an inquiry spent in the queue, and what came of that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hotline.inquiries.models import Channel
from hotline.inquiries.states import Event

BEGINS = (Event.CLASSIFIED, Event.TRANSFERRED, Event.RELEASED, Event.DUE)
LEAVES = (Event.ABANDONED, Event.CLOSED, Event.HANDED_OVER)


class Line(Protocol):
    """A line of the journal; `is_outside` says that the citizen's municipality took no part when they came."""

    @property
    def at(self) -> datetime: ...
    @property
    def event(self) -> str: ...
    @property
    def municipality(self) -> str: ...
    @property
    def topic(self) -> str | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def agent_id(self) -> int | None: ...
    @property
    def is_outside(self) -> bool: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass
class Spell:
    """One time in the queue, from `since` until `until` (aware). Then an agent had it in hand, for `seconds` of talk
    and wrap-up where that is over, or it `left` unanswered, or, with neither, it waits still.

    Of a call-back (`is_rung`) nobody is at the other end meanwhile.
    """

    since: datetime
    until: datetime
    municipality: str
    topic: str
    language: str
    channel: str
    priority: int
    is_outside: bool
    is_rung: bool
    agent: int | None = None
    seconds: float | None = None
    left: bool = False

    @property
    def waited(self) -> float:
        """Seconds."""
        return max(0.0, (self.until - self.since).total_seconds())


def spells(lines: Iterable[Line]) -> list[Spell]:
    """Those of one inquiry, whose lines come in their order.

    What is transferred or released comes again at that moment, and a call-back when it is due: who asked for one in the
    queue waited no longer, and counts only then.
    """
    found: list[Spell] = []
    asks: dict[str, Any] = {}  # its language and priority, as they are by now
    waits = is_rung = False
    for line in lines:
        if line.event == Event.CLASSIFIED:
            asks = dict(line.data)
        elif line.event == Event.CORRECTED:
            asks |= line.data["after"]
        if waits:
            waits = _goes_on(found, line)
        elif found and "talk_seconds" in line.data:
            found[-1].seconds = line.data["talk_seconds"] + line.data["wrap_seconds"]
        is_rung |= line.event in (Event.DUE, Event.UNREAD)
        if line.event in BEGINS and asks and line.topic:
            waits = True
            came = line.event == Event.CLASSIFIED and not is_rung
            since = datetime.fromisoformat(line.data["received_at"]) if came else line.at
            channel = Channel.PHONE if is_rung else line.channel
            asked = line.municipality, line.topic, asks["language"], str(channel), asks["priority"], line.is_outside
            found.append(Spell(since, line.at, *asked, is_rung))
    return found


def _goes_on(found: list[Spell], line: Line) -> bool:
    """What a line tells of the spell that is going on; whether it still is."""
    one = found[-1]
    one.until, one.topic = line.at, line.topic or one.topic
    if line.event == Event.CALLBACK:
        found.pop()
    one.agent = line.agent_id if line.event == Event.ACCEPTED else None
    one.left = line.event in LEAVES
    return not (one.left or line.event in (Event.ACCEPTED, Event.CALLBACK))
