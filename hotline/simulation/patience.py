"""How long a citizen would have waited and an inquiry would have taken, where the day did not show it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import inf
from random import Random
from statistics import fmean

from hotline.inquiries.models import LIVE_CHANNELS
from hotline.simulation.spells import Spell

NEVER = inf  # seconds


class Guess:
    """What is guessed from these spells. Those who left show their patience, those answered only that it was longer."""

    def __init__(self, some: Sequence[Spell], random: Random) -> None:
        self._random = random
        self._mean = {str(channel): _mean_patience(some, channel) for channel in LIVE_CHANNELS}
        self._taken: dict[object, list[float]] = defaultdict(list)
        for one in some:
            if one.seconds is not None:
                self._taken[one.topic, one.channel].append(one.seconds)
                self._taken[one.channel].append(one.seconds)
                self._taken[None].append(one.seconds)

    def patience(self, one: Spell) -> float:
        """Seconds from its arrival after which the citizen is gone.

        Whoever was answered might have stayed for as long again as anybody who comes: patience is taken to be
        exponential, and its mean to be all the seconds that were waited on a channel over the number who gave up.
        Nobody waits at the other end of what is written or rung back.
        """
        if one.left:
            return one.waited
        mean = None if one.is_rung else self._mean.get(one.channel)
        return one.waited + (NEVER if mean is None else self._random.expovariate(1 / mean))

    def seconds(self, one: Spell) -> float:
        """Seconds in hand: as it was, else as one of the same topic and channel was, else of the channel, else any."""
        if one.seconds is not None:
            return one.seconds
        alike = (self._taken[kind] for kind in ((one.topic, one.channel), one.channel, None))
        return self._random.choice(next(filter(None, alike), [300.0]))


def _mean_patience(some: Iterable[Spell], channel: str) -> float | None:
    waited = [(one.waited, one.left) for one in some if one.channel == channel and not one.is_rung]
    gave_up = sum(left for _, left in waited)
    return max(1.0, fmean(seconds for seconds, _ in waited) * len(waited) / gave_up) if gave_up else None
