"""When an agent of a scenario is at work."""

from functools import lru_cache

from hotline.simulation.scenario import Worker


def shifts(worker: Worker) -> tuple[tuple[float, float], ...]:
    """Their shifts in order, those that touch or overlap as one; those without length are none."""
    return _joined(worker.shifts)


@lru_cache(maxsize=100_000)
def _joined(some: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    joined: list[tuple[float, float]] = []
    for begins, ends in sorted(one for one in some if one[0] < one[1]):
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(ends, joined[-1][1])
        else:
            joined.append((begins, ends))
    return tuple(joined)
