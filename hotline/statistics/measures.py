"""Shares and averages, computed from sums and never from each other. Only the standard library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Counts = Mapping[str, float]

DEFAULT_FORMULA = "D"
FEWEST = 20  # of fewer than so many a page tells the number and no per cent


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: float
    whole: float

    @property
    def value(self) -> float | None:
        """From 0 to 1; None where nothing was counted, never 0 or 100 %."""
        return _ratio(self.part, self.whole)

    @property
    def is_of_many(self) -> bool:
        """Whether per cent say anything."""
        return self.whole >= FEWEST


@dataclass(frozen=True)
class Measures:
    """What is derived from the counts of any period; None wherever nothing was counted, never 0 or 100 %."""

    sl_formula: str
    service_level: float | None
    abandonment: float | None
    average_wait_seconds: float | None
    average_handle_seconds: float | None
    average_wrap_seconds: float | None
    first_contact: float | None
    transferred: float | None
    offers_refused: float | None
    offers_lapsed: float | None


def measure(counts: Counts, sl_formula: str = DEFAULT_FORMULA) -> Measures:
    """The derived measures of these counts; shares from 0 to 1, times in seconds. KeyError for an unknown formula."""
    done = counts["closed"] + counts["handed_over"]
    return Measures(
        sl_formula=sl_formula,
        service_level=SERVICE_LEVELS[sl_formula](counts).value,
        abandonment=abandonment(counts).value,
        average_wait_seconds=average_wait_seconds(counts),
        average_handle_seconds=average_handle_seconds(counts),
        average_wrap_seconds=_ratio(counts["wrap_seconds"], done),
        first_contact=_ratio(counts["resolved_first_contact"], counts["closed"]),
        transferred=_ratio(counts["transferred"], counts["answered"]),
        offers_refused=_ratio(counts["offers_refused"], counts["offers_made"]),
        offers_lapsed=_ratio(counts["offers_lapsed"], counts["offers_made"]),
    )


def abandonment(counts: Counts) -> Share:
    """The citizens who hung up, of those who were either answered or hung up."""
    return Share(counts["abandoned"], _ended(counts))


def average_wait_seconds(counts: Counts) -> float | None:
    """Average speed of answer: how long those who were answered had waited, in seconds."""
    return _ratio(counts["wait_seconds"], counts["answered"])


def average_handle_seconds(counts: Counts) -> float | None:
    """Average handling time: talk and wrap-up in seconds for each inquiry that was closed or handed over.

    The work of agents who transferred an inquiry is part of what that inquiry took.
    """
    return _ratio(counts["talk_seconds"] + counts["wrap_seconds"], counts["closed"] + counts["handed_over"])


def in_target_of_all(counts: Counts) -> Share:
    """A: hanging up within the target counts as served in time: (ansT + abT) / (ans + ab)."""
    return Share(counts["answered_in_target"] + counts["abandoned_in_target"], _ended(counts))


def in_target_of_answered(counts: Counts) -> Share:
    """B: those who hung up are left out altogether: ansT / ans."""
    return Share(counts["answered_in_target"], counts["answered"])


def answered_in_target_of_all(counts: Counts) -> Share:
    """C: everyone who hung up counts against: ansT / (ans + ab)."""
    return Share(counts["answered_in_target"], _ended(counts))


def without_early_abandons(counts: Counts) -> Share:
    """D: only those who hung up after the target count against: ansT / (ans + ab after T)."""
    return Share(counts["answered_in_target"], _ended(counts) - counts["abandoned_in_target"])


def with_short_abandons_as_served(counts: Counts) -> Share:
    """E: hanging up almost at once counts as served in time: (ansT + abShort) / (ans + ab)."""
    return Share(counts["answered_in_target"] + counts["short_abandoned"], _ended(counts))


def without_short_abandons(counts: Counts) -> Share:
    """F: those who hung up almost at once are left out: ansT / (ans + ab - abShort)."""
    return Share(counts["answered_in_target"], _ended(counts) - counts["short_abandoned"])


SERVICE_LEVELS: dict[str, Callable[[Counts], Share]] = {
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
