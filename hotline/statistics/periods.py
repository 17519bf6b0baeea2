"""The period and interval that a reader of figures asks for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hotline.clock import DANISH_TIME, danish
from hotline.errors import Invalid
from hotline.statistics.queries import Grain

# So that no answer grows without bound; the pages ask for less.
LONGEST = {Grain.QUARTER: timedelta(days=35), Grain.HOUR: timedelta(days=100), Grain.DAY: timedelta(days=1500)}
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Period:
    """From `start` and before `end`, both aware."""

    start: datetime
    end: datetime


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


def _moment(asked: str | date) -> datetime:
    asked = _read(asked) if isinstance(asked, str) else asked
    if not FIRST_YEAR <= asked.year <= LAST_YEAR:
        raise Invalid(f"`from` and `to` must be in the years {FIRST_YEAR} to {LAST_YEAR}")
    if not isinstance(asked, datetime):
        return datetime.combine(asked, time(), DANISH_TIME).astimezone(UTC)
    if asked.tzinfo is None:
        raise Invalid("a time needs its zone, as in 2026-11-21T08:00:00Z")
    return asked.astimezone(UTC)


def _read(text: str) -> date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"`{text[:40]}` is no date or time; in an address + is written %2B") from None
