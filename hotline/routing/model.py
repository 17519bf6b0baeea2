"""What the router knows and what it decides: facts without a database. Times are seconds on one clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline.routing.learned import Learned
from hotline.routing.rings import Agreement
from hotline.routing.why import Why

if TYPE_CHECKING:
    from hotline.routing.cover import Cover

ANY_LANGUAGE = "*"
CROWDED = 20  # so many calls waiting with a topic and a language are as good as any more
CALL = "phone"
LIVE = frozenset({CALL, "chat"})  # somebody waits at the other end; anything else is written
Ability = tuple[str, str]  # a topic and a language


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent who may be offered something now. `topics` maps a topic to a level from 1 to 3; `capacity` and `load`
    are units, of which a call takes all and anything else one; `until` is when their shift ends, if that is known."""

    id: int
    municipality: str
    topics: Mapping[str, int]
    languages: frozenset[str]
    capacity: int
    load: int
    idle_since: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry that waits. `language` is the one an agent must speak, or ANY_LANGUAGE.

    `answered_by` are the municipalities whose agents may ever answer it, `open_to` those whose agents may by now; None
    is every municipality. `is_outside` is whether its citizen's municipality takes no part. `said_no` are the agents
    who refused it, missed it or passed it on, and are not to be asked again yet; those of `had_it` have had it in hand
    and are asked last; `only_agent` asks for one agent by name.
    """

    id: str
    municipality: str
    topic: str
    language: str
    channel: str
    queued_at: float
    deadline: float
    answered_by: frozenset[str] | None = None
    open_to: frozenset[str] | None = None
    is_outside: bool = False
    said_no: frozenset[int] = frozenset()
    had_it: frozenset[int] = frozenset()
    only_agent: int | None = None

    @property
    def is_call(self) -> bool:
        """Whether it takes an agent whole."""
        return self.channel == CALL

    @property
    def is_written(self) -> bool:
        """Whether nobody waits at the other end."""
        return self.channel not in LIVE


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The hotline at one moment: agents with room, and the front of what waits for them.

    `signed_in` counts those at work, busy or not; left out, the agents of the snapshot are all there are.
    `calls_waiting` counts the calls behind that front as well, beyond CROWDED no more. `agreements` are those by which
    home comes first, if any.
    """

    now: float
    waiting: tuple[Inquiry, ...]
    agents: tuple[Agent, ...]
    signed_in: "Cover | None" = None
    learned: Learned = field(default_factory=Learned)
    calls_waiting: Mapping[Ability, int] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Offer this inquiry to this agent, who gives `units` for it."""

    inquiry: str
    agent: int
    units: int
    is_call: bool
    why: Why


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody can take this inquiry now: of those with its topic, how many could not for which reason."""

    inquiry: str
    not_able: Mapping[str, int]


Decision = Match | Wait
