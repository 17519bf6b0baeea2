"""The hours of a counter as editors write them, `man-tor 10.00-15.00`, and those of one day."""

import re
from collections.abc import Sequence
from datetime import date

from hotline.directory import wall_hours
from hotline.directory.hours import Opening, Span, spans

DANISH = {"man": "mon", "tir": "tue", "ons": "wed", "tor": "thu", "fre": "fri", "lør": "sat", "søn": "sun"}


def read(written: str) -> list[Opening]:
    """The openings, one or more lines of days and times, Danish or English; of nothing none. Raises BadHours."""
    return wall_hours.read([_usual(line) for line in written.splitlines() if line.strip()])


def on(written: str, day: date) -> Sequence[Span] | None:
    """From when until when it is open on this Danish day, nothing where it is closed; None where no hours are known.

    `written` has been read before, or it would not have been kept.
    """
    hours = read(written)
    return spans(hours, day) if hours else None


def _usual(line: str) -> str:
    line = re.sub(r"[–—]", "-", re.sub(r"(?<=\d)\.(?=\d)", ":", line.strip().lower()))
    line = re.sub(r"(?<![\d:])(\d\d?)(?=-|$)", r"\1:00", line)  # 10-15
    return re.sub("|".join(DANISH), lambda found: DANISH[found[0]], re.sub(r"\s*-\s*", "-", line))
