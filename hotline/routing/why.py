"""Why this agent and not the others: a few codes and figures of one decision, kept with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from math import exp

BESIDE = 3  # of those who could have taken it as well, so many are told of by name

Rank = tuple[bool, bool, int, float, float, int]  # sorts who is asked first to the front; the last is the agent's id
# What the places of a rank say of whoever comes after another in them.
BEHIND = ("had_it", "kept_for_calls", "less_in_hand", "more_missed", "idle_for_less_long", "drawn")
COSTS = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """Another who could have taken it, by id: one of BEHIND says in what they came after the one who got it.

    `times` is how many times as much others would have missed them as the one who got it.
    """

    agent: int
    behind: str
    times: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a match is as it is. Of the agents that were looked at, who had room and the topic, `able` could take it and
    `not_able` counts the others by reason; `at_work` had topic and language, busy or not.

    `language` is the one that was asked for, `at_home` whether the agent is of the citizen's municipality, `by_name`
    whether it was meant for them alone, `by_hand` whether a person chose them.
    """

    able: int = 1
    at_work: int = 0
    language: str = ""
    at_home: bool = False
    by_name: bool = False
    by_hand: bool = False
    beside: tuple[Beside, ...] = ()
    not_able: Mapping[str, int] = field(default_factory=dict)


def beside(ranks: Sequence[Rank]) -> tuple[Beside, ...]:
    """Those who come next after the one who is asked first; none where nobody was ranked."""
    if not ranks:
        return ()
    first, *others = nsmallest(BESIDE + 1, ranks)
    return tuple(
        Beside(one[-1], BEHIND[_parted_at(first, one)], round(exp(min(one[COSTS] - first[COSTS], 9.0)), 2))
        for one in others
    )


def _parted_at(first: Rank, other: Rank) -> int:
    return next(place for place, (one, two) in enumerate(zip(first, other, strict=True)) if one != two)
