"""Opening hours as people write them, `mon-fri 08:00-16:00`, on a Danish wall clock."""

import re
from collections.abc import Sequence
from datetime import time
from itertools import pairwise

from hotline.directory.errors import BadHours
from hotline.directory.hours import Opening

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WRITTEN = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? +(?P<opens>\d\d?:\d\d)-(?P<closes>\d\d?:\d\d)", re.ASCII
)


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
    opens, closes = _time(found["opens"]), _time(found["closes"])
    if opens is None or closes is None or first > last or opens >= closes:
        raise BadHours(why="backwards", line=line)
    return [Opening(day, opens, closes) for day in range(first, last + 1)]


def _time(said: str) -> time | None:
    hour, minute = map(int, said.split(":"))
    if (hour, minute) == (24, 0):
        return time.max
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _times(one: Opening) -> str:
    return f"{one.opens:%H:%M}-{'24:00' if one.closes == time.max else f'{one.closes:%H:%M}'}"
