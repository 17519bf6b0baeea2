"""Opening hours as people write them, `mon-fri 08:00-16:00`, on a Danish wall clock; and those of a special day."""

import re
from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise

from hotline.directory.errors import BadHours
from hotline.directory.hours import Opening, Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIMES = r"(?P<opens>\d\d?:\d\d)-(?P<closes>\d\d?:\d\d)"
WRITTEN = re.compile(rf"(?P<first>[a-z]{{3}})(?:-(?P<last>[a-z]{{3}}))? +{TIMES}", re.ASCII)
DAY = re.compile(r"(?:(?P<year>\d{4})-)?(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
LEAP_YEAR = 2000  # every year's day may be the 29th of February
CLOSED = "closed"


def read(written: Sequence[str]) -> list[Opening]:
    """The openings of one or more lines such as `mon-fri 08:00-16:00` or `sun 16:00-24:00`, in their order in a week.

    Raises BadHours: a line that is none, or two that meet on a day.
    """
    openings = sorted(
        (one for line in written for one in _openings(line)), key=lambda one: (one.weekday, one.opens, one.closes)
    )
    for before, after in pairwise(openings):
        if before.weekday == after.weekday and after.opens < before.closes:
            day = DAYS[after.weekday]
            raise BadHours(why="twice", day=day, before=_times(before), after=_times(after))
    return openings


def read_day(written: str) -> str:
    """A special day as it is kept: `2026-12-23`, or `12-24` for that of every year. Raises BadHours."""
    found = DAY.fullmatch(written.strip())
    try:
        if found is None:
            raise ValueError
        date(int(found["year"] or LEAP_YEAR), int(found["month"]), int(found["day"]))
    except ValueError:
        raise BadHours(why="day", line=written) from None
    return written.strip()


def read_times(day: str, written: Sequence[str]) -> list[Span]:
    """The times of a special day, in their order: none for `closed`. Raises BadHours as `read` does."""
    if list(written) == [CLOSED]:
        return []
    found = [(line, re.fullmatch(TIMES, line.strip(), re.ASCII)) for line in written]
    spans = sorted(_span(line, times) for line, times in found)
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            raise BadHours(why="twice", day=day, before=_from_until(*before), after=_from_until(*after))
    return spans


def say_times(spans: Sequence[Span]) -> str:
    """The same in words."""
    return ", ".join(_from_until(*one) for one in spans) or CLOSED


def say(openings: Sequence[Opening]) -> list[str]:
    """The same in words; `read` reads it back."""
    return [
        f"{DAYS[one.weekday] if one.weekday == last else f'{DAYS[one.weekday]}-{DAYS[last]}'} {_times(one)}"
        for one, last in together(openings)
    ]


def together(openings: Sequence[Opening]) -> list[tuple[Opening, int]]:
    """Days that follow each other and have the same hours are one line: its first day's opening, and the last day."""
    by_day = [sorted((one for one in openings if one.weekday == day), key=_times) for day in range(7)]
    times = [[_times(one) for one in day] for day in by_day]
    lines, first = [], 0
    while first < 7:
        last = first
        while last < 6 and times[last + 1] == times[first]:
            last += 1
        lines += [(one, last) for one in by_day[first]]
        first = last + 1
    return lines


def _openings(line: str) -> list[Opening]:
    found = WRITTEN.fullmatch(line.strip().lower())
    if found is None or not {found["first"], found["last"] or found["first"]} <= set(DAYS):
        raise BadHours(why="unlike", line=line)
    first = DAYS.index(found["first"])
    last = DAYS.index(found["last"]) if found["last"] else first
    opens, closes = _span(line, found)
    if first > last:
        raise BadHours(why="backwards", line=line)
    return [Opening(day, opens, closes) for day in range(first, last + 1)]


def _span(line: str, times: re.Match[str] | None) -> Span:
    if times is None:
        raise BadHours(why="unlike", line=line)
    opens, closes = _time(times["opens"]), _time(times["closes"])
    if opens is None or closes is None or opens >= closes:
        raise BadHours(why="backwards", line=line)
    return opens, closes


def _time(said: str) -> time | None:
    hour, minute = map(int, said.split(":"))
    if (hour, minute) == (24, 0):
        return time.max
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _times(one: Opening) -> str:
    return _from_until(one.opens, one.closes)


def _from_until(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}-{'24:00' if closes == time.max else f'{closes:%H:%M}'}"
