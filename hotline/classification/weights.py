"""How much each lesson is believed: all are bounded together by whom and when they come from, so that nobody shouts.

A lesson is worth at most a whole example of the training texts. The lessons of one person and day together are worth
no more than ten, however many they are, those of one person thirty, those that say the same topic on one day fifteen,
those of one day forty.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

OF_A_PERSON_A_DAY = 10.0
OF_A_PERSON = 30.0
OF_A_TOPIC_A_DAY = 15.0
OF_A_DAY = 40.0


@dataclass(frozen=True)
class Said:
    """Who said on which Danish day which topic is right."""

    person: int
    day: date
    topic: str


BOUNDS: tuple[tuple[float, Callable[[Said], Hashable]], ...] = (
    (OF_A_PERSON_A_DAY, lambda one: (one.person, one.day)),
    (OF_A_TOPIC_A_DAY, lambda one: (one.topic, one.day)),
    (OF_A_DAY, lambda one: one.day),
    (OF_A_PERSON, lambda one: one.person),
)


def weights(lessons: Sequence[Said]) -> list[float]:
    """A weight from 0 to 1 for each, by which every bound holds."""
    found = [1.0] * len(lessons)
    for most, of in BOUNDS:
        sums: dict[Hashable, float] = defaultdict(float)
        for weight, one in zip(found, lessons, strict=True):
            sums[of(one)] += weight
        found = [weight * min(1.0, most / sums[of(one)]) for weight, one in zip(found, lessons, strict=True)]
    return found
