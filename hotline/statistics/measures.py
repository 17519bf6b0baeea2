"""Percentages and averages, computed from sums and never from each other. Only the standard library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Counts = Mapping[str, float]

DEFAULT_FORMULA = "D"


@dataclass(frozen=True)
class Measures:
    """What is derived from the counts of any period; None wherever nothing was counted, never 0 or 100 %."""

    sl_formula: str
    service_level: float | None
    abandonment: float | None
    average_wait_seconds: float | None
    average_handle_seconds: float | None


def measure(counts: Counts, sl_formula: str = DEFAULT_FORMULA) -> Measures:
    """The derived measures of these counts; shares from 0 to 1, times in seconds. KeyError for an unknown formula."""
    return Measures(
        sl_formula=sl_formula,
        service_level=SERVICE_LEVELS[sl_formula](counts),
        abandonment=abandonment(counts),
        average_wait_seconds=average_wait_seconds(counts),
        average_handle_seconds=average_handle_seconds(counts),
    )


def abandonment(counts: Counts) -> float | None:
    """The share of the citizens who hung up, of those who were either answered or hung up (0 to 1)."""
    return _ratio(counts["abandoned"], _ended(counts))


def average_wait_seconds(counts: Counts) -> float | None:
    """Average speed of answer: how long those who were answered had waited, in seconds."""
    return _ratio(counts["wait_seconds"], counts["answered"])


def average_handle_seconds(counts: Counts) -> float | None:
    """Average handling time: talk and wrap-up in seconds for each inquiry that was closed or handed over.

    The work of agents who transferred an inquiry is part of what that inquiry took.
    """
    return _ratio(counts["talk_seconds"] + counts["wrap_seconds"], counts["closed"] + counts["handed_over"])


def in_target_of_all(counts: Counts) -> float | None:
    """A: hanging up within the target counts as served in time: (ansT + abT) / (ans + ab)."""
    return _ratio(counts["answered_in_target"] + counts["abandoned_in_target"], _ended(counts))


def in_target_of_answered(counts: Counts) -> float | None:
    """B: those who hung up are left out altogether: ansT / ans."""
    return _ratio(counts["answered_in_target"], counts["answered"])


def answered_in_target_of_all(counts: Counts) -> float | None:
    """C: everyone who hung up counts against: ansT / (ans + ab)."""
    return _ratio(counts["answered_in_target"], _ended(counts))


def without_early_abandons(counts: Counts) -> float | None:
    """D: only those who hung up after the target count against: ansT / (ans + ab after T)."""
    return _ratio(counts["answered_in_target"], _ended(counts) - counts["abandoned_in_target"])


def with_short_abandons_as_served(counts: Counts) -> float | None:
    """E: hanging up almost at once counts as served in time: (ansT + abShort) / (ans + ab)."""
    return _ratio(counts["answered_in_target"] + counts["short_abandoned"], _ended(counts))


def without_short_abandons(counts: Counts) -> float | None:
    """F: those who hung up almost at once are left out: ansT / (ans + ab - abShort)."""
    return _ratio(counts["answered_in_target"], _ended(counts) - counts["short_abandoned"])


SERVICE_LEVELS: dict[str, Callable[[Counts], float | None]] = {
    "A": in_target_of_all,
    "B": in_target_of_answered,
    "C": answered_in_target_of_all,
    "D": without_early_abandons,
    "E": with_short_abandons_as_served,
    "F": without_short_abandons,
}


def _ended(counts: Counts) -> float:
    return counts["answered"] + counts["abandoned"]


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
