"""When the hotline is open: by weekday on a Danish wall clock, closed on public holidays, but for special days."""

from collections.abc import Iterator, Mapping, Sequence
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


# From when until when one day is open. By what days are special: `2026-12-23`, or `12-24` for every year's.
Span = tuple[time, time]
SpecialDays = Mapping[str, Sequence[Span]]
NONE: SpecialDays = {}
FURTHEST = 500  # days within which something opens, unless every day of the year is closed


def is_open(hours: Sequence[Opening], moment: datetime, special: SpecialDays = NONE) -> bool:
    """Whether these hours are open at `moment` (aware). No hours at all means that nothing is restricted: open.

    A special day is open in its own times and no others, whatever weekday or holiday it is; a day of one year goes
    before that of every year.
    """
    if not hours and not special:
        return True
    return any(begin <= moment < end for begin, end in _openings(hours, danish(moment).date(), special))


def next_opening(hours: Sequence[Opening], moment: datetime, special: SpecialDays = NONE) -> datetime:
    """The first moment from `moment` (aware) on at which these hours are open, in UTC; `moment` where they are now.

    Where every day is a closed one, so far ahead that nobody waits for it.
    """
    if is_open(hours, moment, special):
        return moment.astimezone(UTC)
    today = danish(moment).date()
    days = (today + timedelta(days=ahead) for ahead in range(FURTHEST))
    begins = (begin for day in days for begin in sorted(one for one, _ in _openings(hours, day, special)))
    return next((begin for begin in begins if begin > moment), moment.astimezone(UTC) + timedelta(days=FURTHEST))


def is_holiday(day: date) -> bool:
    """Whether this day is a public holiday in Denmark."""
    return day in _holidays(day.year)


def _openings(hours: Sequence[Opening], day: date, special: SpecialDays) -> Iterator[tuple[datetime, datetime]]:
    """From and until when this Danish day is open, as moments in UTC."""
    for opens, closes in spans(hours, day, special):
        begin, end = _opens_at(day, opens), _closes_at(day, closes)
        if begin < end:  # in spring an opening may lie wholly within the hour that no clock shows
            yield begin, end


def spans(hours: Sequence[Opening], day: date, special: SpecialDays = NONE) -> Sequence[Span]:
    """From when until when these hours are open on this Danish day, on a wall clock."""
    for written in (day.isoformat(), f"{day:%m-%d}"):
        if written in special:
            return special[written]
    if not hours:
        return [(time.min, time.max)]
    return [] if is_holiday(day) else [(one.opens, one.closes) for one in hours if one.weekday == day.weekday()]


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
