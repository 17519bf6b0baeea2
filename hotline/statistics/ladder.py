"""The ladder of sums: any period as the fewest whole years, months and days, with quarters of an hour at its ends.

Whole ones are Danish: they begin at midnight on a Danish wall clock, so that a day has 23, 24 or 25 hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from hotline.clock import DANISH_TIME, danish


class Rung(StrEnum):
    """What is summed up as a whole."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True)
class Step:
    """From `start` and before `end` (aware): whole ones of this rung, or quarters of an hour where there is none."""

    rung: Rung | None
    start: datetime
    end: datetime


def steps(start: datetime, end: datetime, rungs: Sequence[Rung] = tuple(Rung)) -> list[Step]:
    """The period from `start` and before `end` (aware), oldest first; `rungs` are those allowed, the longest first."""
    if start >= end:
        return []
    if not rungs:
        return [Step(None, start, end)]
    longest, shorter = rungs[0], rungs[1:]
    last = begin(longest, end)
    first = begin(longest, start)
    first = first if first == start else after(longest, first)
    if first >= last:
        return steps(start, end, shorter)
    return [*steps(start, first, shorter), Step(longest, first, last), *steps(last, end, shorter)]


@lru_cache(maxsize=4096)
def begin(rung: Rung, moment: datetime) -> datetime:
    """The moment (UTC) at which the whole one began in which this aware moment lies."""
    day = danish(moment).date()
    if rung == Rung.DAY:
        return midnight(day)
    return midnight(day.replace(day=1) if rung == Rung.MONTH else day.replace(month=1, day=1))


def after(rung: Rung, begun: datetime) -> datetime:
    """The moment (UTC) at which the next whole one begins after the one that begins at `begun`."""
    longest = {Rung.DAY: 1, Rung.MONTH: 31, Rung.YEAR: 366}[rung]
    return begin(rung, midnight(danish(begun).date() + timedelta(days=longest)))


def midnight(day: date) -> datetime:
    """The moment (UTC) at which a Danish day begins."""
    return datetime.combine(day, time(), DANISH_TIME).astimezone(UTC)
