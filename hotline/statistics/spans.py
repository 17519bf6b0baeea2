"""Spans of time: the period that a program asks for, the days that a page shows, and the intervals in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from hotline.clock import danish
from hotline.errors import Invalid
from hotline.statistics.ladder import midnight


class Grain(StrEnum):
    """How long one interval lasts."""

    QUARTER = "15m"
    HOUR = "1h"
    DAY = "1d"
    WEEK = "1w"
    MONTH = "1mo"


# So that no answer grows without bound; the pages ask for less.
LONGEST = {Grain.QUARTER: timedelta(days=35), Grain.HOUR: timedelta(days=100)}
LONGEST |= dict.fromkeys((Grain.DAY, Grain.WEEK, Grain.MONTH), timedelta(days=1500))
# A page shows a period of so many days, or fewer, in such intervals.
GRAINS = ((1, Grain.HOUR), (62, Grain.DAY), (200, Grain.WEEK), (LONGEST[Grain.DAY].days, Grain.MONTH))
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Period:
    """From `start` and before `end`, both aware."""

    start: datetime
    end: datetime


class Span(StrEnum):
    """How much a page shows at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    RANGE = "range"


SPANS = (Span.DAY, Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR)  # a range is asked for by its days


@dataclass(frozen=True)
class Window:
    """The Danish days from `first` to `last`, both included."""

    span: Span
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The midnight in Denmark at which it begins, in UTC."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The midnight in Denmark after its last day, in UTC."""
        return midnight(self.last + timedelta(days=1))

    @property
    def grain(self) -> Grain:
        """How long an interval of this window lasts, so that there are 7 to 62 of them."""
        return next(grain for days, grain in GRAINS if self.days <= days)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def query(self) -> str:
        """What an address says to show it."""
        if self.span == Span.RANGE:
            return f"first={self.first}&last={self.last}"
        return f"span={self.span}&date={self.first}"

    @property
    def after(self) -> "Window":
        """The next one."""
        if self.span == Span.RANGE:
            return Window(self.span, self.last + timedelta(days=1), self.last + timedelta(days=self.days))
        return window(self.span, self.last + timedelta(days=1))

    @property
    def before(self) -> "Window":
        """The one before, to compare with: as many days where it is a range."""
        if self.span == Span.RANGE:
            return Window(self.span, self.first - timedelta(days=self.days), self.first - timedelta(days=1))
        return window(self.span, self.first - timedelta(days=1))


def period(
    start: str | date | None, end: str | date | None, now: datetime, longest: timedelta = LONGEST[Grain.DAY]
) -> Period:
    """The period asked for, as RFC 3339 or as a date, which stands for its midnight in Denmark.

    No start is today's, no end the midnight after the start. Raises Invalid where it cannot be read, has no time zone,
    is empty, lasts longer than `longest` or lies outside of the years that are kept.
    """
    begins = _moment(danish(now).date() if start is None else start)
    ends = _moment(danish(begins).date() + timedelta(days=1) if end is None else end)
    if not begins < ends:
        raise Invalid("`from` must be before `to`")
    if ends - begins > longest:
        raise Invalid(f"the period may last {longest.days} days at most for this interval")
    return Period(begins, ends)


def window(span: Span, day: date) -> Window:
    """The day, the week from Monday, or the month that `day` lies in."""
    if span == Span.DAY:
        return Window(span, day, day)
    if span == Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Window(span, monday, monday + timedelta(days=6))
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return Window(span, first, _months_after(first, months) - timedelta(days=1))


def window_between(first: date, last: date) -> Window:
    """The days from the one to the other, in whichever order they come; a day, where they are the same.

    Raises Invalid where they are too many.
    """
    shown = Window(Span.RANGE if first != last else Span.DAY, min(first, last), max(first, last))
    if shown.days > LONGEST[Grain.DAY].days:
        raise Invalid(f"the period may last {LONGEST[Grain.DAY].days} days at most")
    return shown


def asked_window(span: Span, day: str | None, first: str | None, last: str | None, today: date) -> Window:
    """The window of this span around `day`, or the days from `first` to `last` where either is said.

    Raises Invalid for what are no days.
    """
    if first or last:
        return window_between(read_day(first or last, today), read_day(last or first, today))
    asked = read_day(day, today)
    return window_between(asked, asked) if span == Span.RANGE else window(span, asked)


def read_day(text: str | None, today: date) -> date:
    """The day asked for as `2026-11-21`; none, or one to come, is today. Raises Invalid for anything else."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Invalid("that is no day") from None
    if day.year < FIRST_YEAR:
        raise Invalid("so early there are no figures")
    return min(day, today)


def intervals(shown: Window, counted: Collection[datetime]) -> list[datetime]:
    """The start of every interval to show, in Danish time: of a day the hours from 8 to 20 and those outside that
    `counted` names by their start. The first week or month may begin before the window."""
    if shown.grain != Grain.HOUR:
        days = (shown.first + timedelta(days=number) for number in range(shown.days))
        begun = dict.fromkeys(begins(shown.grain, day) for day in days)
        return [danish(midnight(day)) for day in begun]
    hours = [danish(shown.start + timedelta(hours=number)) for number in range(_hours(shown))]
    wanted = [hour for hour in hours if 8 <= hour.hour < 20 or hour in counted]
    return [hour for hour in hours if wanted[0] <= hour <= wanted[-1]]


def begins(grain: Grain, day: date) -> date:
    """The first day of the interval of this grain (a day or longer) in which this day lies; weeks begin on Monday."""
    if grain == Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == Grain.MONTH else day


def _moment(asked: str | date) -> datetime:
    asked = _read(asked) if isinstance(asked, str) else asked
    if not FIRST_YEAR <= asked.year <= LAST_YEAR:
        raise Invalid(f"`from` and `to` must be in the years {FIRST_YEAR} to {LAST_YEAR}")
    if not isinstance(asked, datetime):
        return midnight(asked)
    if asked.tzinfo is None:
        raise Invalid("a time needs its zone, as in 2026-11-21T08:00:00Z")
    return asked.astimezone(UTC)


def _read(text: str) -> date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"`{text[:40]}` is no date or time; in an address + is written %2B") from None


def _hours(shown: Window) -> int:
    """A Danish day has 24 hours, in spring one of 23 and in autumn one of 25."""
    return round((shown.end - shown.start) / timedelta(hours=1))


def _months_after(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)
