"""Whether a run was fair: to agents who can and do the same, and between municipalities."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from hotline.simulation.run import Fate
from hotline.simulation.scenario import Scenario
from hotline.simulation.shifts import shifts


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a municipality's agents gave other citizens, what its citizens got of other agents, and what it owes of all
    that was handled, by its share of the citizens; in minutes. `handled` is all that its agents did."""

    municipality: str
    given: float
    got: float
    handled: float
    owed: float


def spread_over_equals(fates: Sequence[Fate], scenario: Scenario) -> float | None:
    """Standard deviation of the minutes handled in a day by agents of one skill, language and shift, beside their mean.

    None where no two agents are equal.
    """
    minutes: dict[tuple[str, int], float] = defaultdict(float)
    for one in fates:
        if one.agent is not None and one.ended_at is not None:
            minutes[one.agent, int(one.at // scenario.settings.day_seconds)] += (one.ended_at - one.at) / 60
    equals: dict[object, list[float]] = defaultdict(list)
    for worker in scenario.agents:
        can = frozenset(worker.skills.items()), worker.languages, worker.capacity
        for begins, ends in shifts(worker):
            day = int(begins // scenario.settings.day_seconds)
            equals[can, begins, ends].append(minutes[worker.id, day])
    groups = [some for some in equals.values() if len(some) > 1]
    number, total = sum(map(len, groups)), sum(map(sum, groups))
    if not total:
        return None
    off = sum((one - sum(some) / len(some)) ** 2 for some in groups for one in some)
    return sqrt(off / (number - len(groups))) / (total / number)


def exchange(fates: Sequence[Fate], scenario: Scenario) -> list[Exchange]:
    """What each municipality gave, got and owes, by its code."""
    home = {one.id: one.municipality for one in scenario.agents}
    given: dict[str, float] = defaultdict(float)
    got: dict[str, float] = defaultdict(float)
    handled: dict[str, float] = defaultdict(float)
    for one in fates:
        if one.agent is None or one.ended_at is None:
            continue
        minutes, theirs, ours = (one.ended_at - one.at) / 60, one.arrival.municipality, home[one.agent]
        handled[ours] += minutes
        if theirs != ours:
            given[ours] += minutes
            got[theirs] += minutes
    shares = sum(one.share for one in scenario.municipalities) or 1.0
    everything = sum(handled.values())
    return [
        Exchange(one.code, given[one.code], got[one.code], handled[one.code], everything * one.share / shares)
        for one in sorted(scenario.municipalities, key=lambda one: one.code)
    ]
