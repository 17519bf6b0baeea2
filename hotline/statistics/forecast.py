"""How many inquiries are to be expected each half hour, learned from what came. Pure.

A day's number is the level (days of the last weeks, newer ones more) times its weekday's share of it; the day is
spread over its half hours as days of its kind were, leaning on all days where its own were few. A public holiday is a
kind of day.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline.clock import danish
from hotline.directory.hours import is_holiday

HALF_HOUR = timedelta(minutes=30)
HALF_HOURS = 48
SUNDAY, HOLIDAY = 6, 7  # the last is a kind of day beside the weekdays 0 to 6
WEEKS = 12  # that are learned from
FORGETS = 0.93  # what a day counts beside the one after it
LEANS = 6.0  # so many days of the shape of all days that each kind of day is taken to have had beside its own
Day = Sequence[float]  # inquiries by half hour of a Danish wall clock, 48 of them


@dataclass(frozen=True)
class Usual:
    """What is usual: inquiries a day, and of that what each kind of day has, in all and by half hour."""

    level: float
    of_kind: Mapping[int, float]
    shape: Mapping[int, Sequence[float]]

    def expected(self, day: date) -> list[float]:
        """Inquiries by half hour."""
        kind = kind_of(day)
        return [self.level * self.of_kind[kind] * share for share in self.shape[kind]]


def by_day(counted: Iterable[tuple[datetime, float]]) -> dict[date, list[float]]:
    """Counts by the moment (aware) at which they begin as days; the hour that autumn has twice is one."""
    found: dict[date, list[float]] = defaultdict(lambda: [0.0] * HALF_HOURS)
    for moment, number in counted:
        wall = danish(moment)
        found[wall.date()][2 * wall.hour + wall.minute // 30] += number
    return dict(found)


def kind_of(day: date) -> int:
    """The weekday, or that it is a public holiday."""
    return HOLIDAY if is_holiday(day) else day.weekday()


def learn(history: Mapping[date, Day], before: date) -> Usual:
    """What the twelve weeks before this day say is usual; a day of these that is not there had no inquiries."""
    days = [before - timedelta(days=ago) for ago in range(7 * WEEKS, 0, -1)]
    days = [day for day in days if day >= min(history, default=before)]
    weight = {day: FORGETS ** (before - day).days for day in days}
    total = {day: sum(history.get(day, ())) for day in days}
    mean = sum(total.values()) / max(len(days), 1)
    own = {kind: [total[day] for day in days if kind_of(day) == kind] for kind in range(HOLIDAY + 1)}
    own[HOLIDAY] = own[HOLIDAY] or own[SUNDAY]
    of_kind = {kind: sum(own[kind]) / len(own[kind]) / mean if mean and own[kind] else 0.0 for kind in own}
    expected = sum(weight[day] * of_kind[kind_of(day)] for day in days)
    level = sum(weight[day] * total[day] for day in days) / expected if expected else 0.0
    return Usual(level, of_kind, {kind: _shape(history, days, kind) for kind in of_kind})


def error(history: Mapping[date, Day], days: Sequence[date], guess: Callable[[date], Day]) -> float | None:
    """How far the guesses were off in all half hours of these days, as a share of what came; None where nothing did."""
    came = {day: history.get(day, [0.0] * HALF_HOURS) for day in days}
    whole = sum(map(sum, came.values()))
    off = sum(abs(ours - theirs) for day in days for ours, theirs in zip(guess(day), came[day], strict=True))
    return off / whole if whole else None


def tried(history: Mapping[date, Day], before: date, weeks: int) -> tuple[float, float] | None:
    """How far off the guess for the last weeks before this day was, made when they began, and the naive one beside it.

    None where nothing came in them, or before.
    """
    begun = before - timedelta(weeks=weeks)
    days = [begun + timedelta(days=number) for number in range(7 * weeks)]
    ours = error(history, days, learn(history, begun).expected)
    naive = error(history, days, as_a_week_before(history, begun))
    return None if ours is None or naive is None or min(history) >= begun else (ours, naive)


def as_a_week_before(history: Mapping[date, Day], before: date) -> Callable[[date], Day]:
    """The naive guess: the same half hour of the last week before this day."""

    def guess(day: date) -> Day:
        ago = (day - before).days // 7 + 1
        return history.get(day - timedelta(weeks=ago), [0.0] * HALF_HOURS)

    return guess


def _shape(history: Mapping[date, Day], days: Sequence[date], kind: int) -> list[float]:
    """Each half hour's share of a day of this kind, on top of some days of the usual shape."""
    of_all = _sums(history, days)
    of_own = _sums(history, [day for day in days if kind_of(day) == kind])
    every = sum(of_all)
    if not every:
        return [0.0] * HALF_HOURS
    leans = LEANS * every / len(days)
    own = sum(of_own) + leans
    return [(mine + leans * usual / every) / own for mine, usual in zip(of_own, of_all, strict=True)]


def _sums(history: Mapping[date, Day], days: Iterable[date]) -> list[float]:
    every = [history[day] for day in days if day in history]
    return [sum(day[half] for day in every) for half in range(HALF_HOURS)]
