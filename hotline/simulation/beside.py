"""Two policies over the same days: by how much they differ, and how sure that is."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from hotline.routing.policy import Policy
from hotline.simulation.figures import is_in_target
from hotline.simulation.run import Fate

DRAWS = 2000
FEWEST_DAYS = 3  # of fewer nothing can be said


@dataclass(frozen=True, slots=True)
class Difference:
    """The second less the first, and between which two values it lies in 95 of 100 draws of days; None of too few."""

    value: float
    low: float | None
    high: float | None


def differences(
    first: Sequence[Fate], second: Sequence[Fate], policies: tuple[Policy, Policy], day_seconds: float
) -> dict[str, Difference]:
    """Of the mean time in queue (seconds), of the shares answered in target and abandoned.

    The days are drawn with replacement, both policies on the same days, always the same draws.
    """
    days = sorted({int(one.arrival.at // day_seconds) for one in (*first, *second) if not one.refused})
    measures: dict[str, Callable[[Fate, Policy], float]] = {
        "queue_time": lambda one, _: one.waited,
        "in_target": is_in_target,
        "abandoned": lambda one, _: one.agent is None,
    }
    if not days:
        return {}
    draws = [Random(number).choices(days, k=len(days)) for number in range(DRAWS)] if len(days) >= FEWEST_DAYS else []
    found = {}
    for name, measure in measures.items():
        one, other = (
            _by_day(fates, policy, measure, day_seconds)
            for fates, policy in zip((first, second), policies, strict=True)
        )
        drawn = sorted(_mean(other, some) - _mean(one, some) for some in draws)
        low, high = (drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS)]) if drawn else (None, None)
        found[name] = Difference(_mean(other, days) - _mean(one, days), low, high)
    return found


def _by_day(
    fates: Sequence[Fate], policy: Policy, measure: Callable[[Fate, Policy], float], day_seconds: float
) -> dict[int, tuple[float, int]]:
    """Of each day the sum and how many inquiries it is over."""
    sums: dict[int, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for one in fates:
        if not one.refused:
            day = int(one.arrival.at // day_seconds)
            total, number = sums[day]
            sums[day] = total + measure(one, policy), number + 1
    return sums


def _mean(by_day: dict[int, tuple[float, int]], days: Sequence[int]) -> float:
    some = [by_day.get(day, (0.0, 0)) for day in days]
    return sum(total for total, _ in some) / max(1, sum(number for _, number in some))
