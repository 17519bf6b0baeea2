"""What is known at one moment beside the agents and inquiries in question: what they are weighed by."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hotline.routing.cover import Cover
from hotline.routing.learned import Learned
from hotline.routing.model import Ability, Agent, Inquiry
from hotline.routing.policy import Policy
from hotline.routing.rings import Agreement


@dataclass(frozen=True, slots=True)
class Moment:
    """`waiting_for` tells of an agent what waits that they have topic and language for, of each class at least the
    front: to know what else they might be needed for. `calls_waiting` counts the calls that wait for an ability, beyond
    CROWDED no more. `agreements` are those by which home comes first, if any."""

    now: float
    policy: Policy
    learned: Learned
    cover: Cover
    waiting_for: Callable[[Agent], Iterable[Inquiry]]
    calls_waiting: Callable[[Ability], int] = lambda _: 0
    agreements: tuple[Agreement, ...] | None = None
