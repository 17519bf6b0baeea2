"""When the hotline is open: openings of a weekday on a Danish wall clock, and closed on public holidays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from holidays import country_holidays

from hotline.clock import DANISH_TIME, danish


@dataclass(frozen=True)
class Opening:
    """Open on this weekday (0 is Monday) from `opens`, closed again at `closes`; both on a Danish wall clock.

    `time.max` as `closes` means midnight, for no wall clock shows 24:00.
    """

    weekday: int
    opens: time
    closes: time


def is_open(hours: Sequence[Opening], moment: datetime) -> bool:
    """Whether these hours are open at `moment` (aware). No hours at all means that nothing is restricted: open."""
    if not hours:
        return True
    return any(begin <= moment < end for begin, end in _openings(hours, danish(moment).date()))


def next_opening(hours: Sequence[Opening], moment: datetime) -> datetime:
    """The first moment from `moment` (aware) on at which these hours are open, in UTC; `moment` where they are now."""
    if is_open(hours, moment):
        return moment.astimezone(UTC)
    day = danish(moment).date()
    while True:  # ends: no weekday is a holiday for weeks on end
        begins = [begin for begin, _ in _openings(hours, day) if begin > moment]
        if begins:
            return min(begins)
        day += timedelta(days=1)


def is_holiday(day: date) -> bool:
    """Whether this day is a public holiday in Denmark."""
    return day in _holidays(day.year)


def _openings(hours: Sequence[Opening], day: date) -> Iterator[tuple[datetime, datetime]]:
    """From and until when this Danish day is open, as moments in UTC."""
    if is_holiday(day):
        return
    for opening in hours:
        if opening.weekday == day.weekday():
            begin, end = _opens_at(day, opening.opens), _closes_at(day, opening.closes)
            if begin < end:  # in spring an opening may lie wholly within the hour that no clock shows
                yield begin, end


# When clocks go back an hour is shown twice: opening takes the first of the two and closing the second, so that the
# hotline does not close in between.
def _opens_at(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, DANISH_TIME).astimezone(UTC)


def _closes_at(day: date, wall: time) -> datetime:
    if wall == time.max:
        day, wall = day + timedelta(days=1), time.min
    return datetime.combine(day, wall, DANISH_TIME).replace(fold=1).astimezone(UTC)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("DK", years=year))
