"""What the router knows and what it decides: facts without a database. Times are seconds on one clock."""

from collections.abc import Mapping
from dataclasses import dataclass

ANY_LANGUAGE = "*"
CALL = "phone"


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent who may be offered something now. `answers_for` are the municipalities whose citizens they may answer;
    `topics` maps a topic to a level from 1 to 3; `capacity` and `load` are units, of which a call takes all and
    anything else one."""

    id: int
    municipality: str
    answers_for: frozenset[str]
    topics: Mapping[str, int]
    languages: frozenset[str]
    capacity: int
    load: int
    idle_since: float


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry that waits. `language` is the one an agent must speak, or ANY_LANGUAGE; `said_no` are the agents who
    refused it, missed it or passed it on, each with when; those of `had_it` have had it in hand and are asked last;
    `only_agent` asks for one agent by name."""

    id: str
    municipality: str
    topic: str
    language: str
    channel: str
    deadline: float
    said_no: frozenset[tuple[int, float]] = frozenset()
    had_it: frozenset[int] = frozenset()
    only_agent: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The hotline at one moment: agents with room, and the front of what waits for them."""

    now: float
    waiting: tuple[Inquiry, ...]
    agents: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Offer this inquiry to this agent, who gives `units` for it."""

    inquiry: str
    agent: int
    units: int
    is_call: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody can take this inquiry now."""

    inquiry: str
    reason: str


Decision = Match | Wait
