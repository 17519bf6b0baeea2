"""What citizens ask for, without their words: enough for a hotline's past, of which the texts are erased."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from hotline.clock import danish
from hotline.demo.citizens import demand, handling, hour_shares, patience

HOUR = timedelta(hours=1)
ANOTHER_TOPIC = 0.5  # so many find out that they want something else than they thought


@dataclass(frozen=True)
class Drawn:
    """One inquiry's facts. `patience_seconds` is None for those who wait as long as it takes; `other_topic` is what it
    is about after all."""

    channel: str
    municipality: str
    topic: str
    language: str
    patience_seconds: float | None
    handle_seconds: float
    other_topic: str | None


class Draw:
    """Draws by shares, quickly."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        """`shares` in any scale."""
        self._names: Sequence[str] = list(shares)
        self._sums = list(accumulate(shares.values()))

    def one(self, random: Random) -> str:
        """One name."""
        return random.choices(self._names, cum_weights=self._sums)[0]


class Draws:
    """Draws inquiries."""

    def __init__(self, sizes: Mapping[str, float]) -> None:
        """From the citizens of these municipalities (codes), by how many people live there."""
        told = demand()
        self._channels, self._topics = Draw(told["channels"]), Draw(told["topics"])
        self._languages, self._homes = Draw(told["languages"]), Draw(sizes)

    def one(self, random: Random) -> Drawn:
        """The next inquiry."""
        channel, topic = self._channels.one(random), self._topics.one(random)
        other = self._topics.one(random) if random.random() < ANOTHER_TOPIC else topic
        return Drawn(
            channel=channel,
            municipality=self._homes.one(random),
            topic=topic,
            language=self._languages.one(random),
            patience_seconds=patience(random, channel),
            handle_seconds=handling(random, topic),
            other_topic=None if other == topic else other,
        )


def arrivals(random: Random, begins: datetime, ends: datetime, a_day: float) -> Iterator[datetime]:
    """The moments between these two (aware) at which somebody comes; a whole day of all hours would have `a_day`."""
    shares = hour_shares()
    at = begins
    while True:
        an_hour = a_day * shares.get(danish(at).hour, 0.0)
        if not an_hour:
            at = at.replace(minute=0, second=0, microsecond=0) + HOUR
        elif (later := at + random.expovariate(an_hour) * HOUR).hour != at.hour:
            at = at.replace(minute=0, second=0, microsecond=0) + HOUR  # goes on at the next hour's pace
        else:
            at = later
            if at < ends:
                yield at
        if at >= ends:
            return
