"""Waits as a histogram that adds up: over any period, channel and municipality, which no percentile does. Pure."""

from bisect import bisect_left
from collections.abc import Mapping

BUCKETS_TO_TWICE = 8  # so many from a wait to one of twice its length
BOUNDS = tuple(2 ** (number / BUCKETS_TO_TWICE) for number in range(17 * BUCKETS_TO_TWICE))  # 1 s to 30 hours
FEWEST = 20  # of so few nobody can say how long every tenth waits


def bucket_of(seconds: float) -> int:
    """The number of the bucket that a wait of so many seconds falls in; the last one holds all that are longer."""
    return bisect_left(BOUNDS, seconds)


def percentiles(found: Mapping[int, int] | None) -> dict[str, float | None]:
    """Within how many seconds half, nine of ten and 95 of a hundred had waited; None where nothing can be said."""
    return {f"p{number}": percentile(found or {}, number / 100) for number in (50, 90, 95)}


def percentile(found: Mapping[int, int], share: float) -> float | None:
    """The seconds within which this share (0 to 1) had waited, within a tenth of them; None for fewer than 20 waits.

    `found` counts waits by their bucket, in which they are taken to lie evenly.
    """
    total = sum(found.values())
    if total < FEWEST:
        return None
    wanted, passed = share * total, 0
    for bucket in sorted(found):
        if passed + found[bucket] >= wanted:
            low, high = _edges(bucket)
            return low + (high - low) * (wanted - passed) / found[bucket]
        passed += found[bucket]
    raise AssertionError("a share of more than all")


def _edges(bucket: int) -> tuple[float, float]:
    if bucket == 0:
        return 0.0, BOUNDS[0]
    return BOUNDS[bucket - 1], BOUNDS[min(bucket, len(BOUNDS) - 1)]
