"""The day, week or month that a page shows, and the intervals in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from hotline.clock import DANISH_TIME, danish
from hotline.errors import Invalid
from hotline.statistics.queries import Grain, Point


class Span(StrEnum):
    """How much a page shows at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Window:
    """The Danish days from `first` to `last`, both included."""

    span: Span
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The midnight in Denmark at which it begins, in UTC."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The midnight in Denmark after its last day, in UTC."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def interval(self) -> Grain:
        """How long a row of this window lasts."""
        return Grain.HOUR if self.span == Span.DAY else Grain.DAY


def window(span: Span, day: date) -> Window:
    """The day, the week from Monday, or the month that `day` lies in."""
    if span == Span.DAY:
        return Window(span, day, day)
    if span == Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Window(span, monday, monday + timedelta(days=6))
    return Window(span, day.replace(day=1), _next_month(day) - timedelta(days=1))


def read_day(text: str | None, today: date) -> date:
    """The day asked for as `2026-11-21`; none, or one to come, is today. Raises Invalid for anything else."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Invalid("that is no day") from None
    if day.year < 2000:
        raise Invalid("so early there are no figures")
    return min(day, today)


def intervals(shown: Window, points: list[Point]) -> list[datetime]:
    """The start of every interval to show, in Danish time: each day, or the hours of the day from 8 to 20 and those
    outside in which something was counted."""
    if shown.span != Span.DAY:
        days = (shown.last - shown.first).days + 1
        return [danish(_midnight(shown.first + timedelta(days=number))) for number in range(days)]
    counted = {point.start for point in points}
    hours = [danish(shown.start + timedelta(hours=number)) for number in range(_hours(shown))]
    wanted = [hour for hour in hours if 8 <= hour.hour < 20 or hour in counted]
    return [hour for hour in hours if wanted[0] <= hour <= wanted[-1]]


def _hours(shown: Window) -> int:
    """A Danish day has 24 hours, in spring one of 23 and in autumn one of 25."""
    return round((shown.end - shown.start) / timedelta(hours=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), DANISH_TIME).astimezone(UTC)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
