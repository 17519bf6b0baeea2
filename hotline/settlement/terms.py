"""What members have agreed to settle by: the bases with their rates and shares, from a day on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum

ALL = 100  # per cent


class Basis(StrEnum):
    """What is counted."""

    INHABITANTS = "inhabitants"
    INQUIRIES = "inquiries"
    MINUTES = "minutes"
    HOURS = "hours"


class Unit(StrEnum):
    """One of what."""

    INHABITANT = "inhabitant"
    INQUIRY = "inquiry"
    MINUTE = "minute"
    HOUR = "hour"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Part:
    """One basis: `rate` is øre for one of its units, of which `share` per cent counts."""

    basis: Basis
    rate: int
    share: int = ALL


@dataclass(frozen=True)
class Terms:
    """What holds from a Danish day on, until other terms do.

    The shares of the parts add up to 100 per cent. `again_minutes` is how soon after a citizen's call another one about
    the same topic is no inquiry of its own (work.py). `owed` are thousandths of an hour of duty in a whole month by
    municipality; who is not named owes none.
    """

    valid_from: date
    parts: tuple[Part, ...]
    again_minutes: int = 0
    owed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Month:
    """A month of the Danish calendar, as `2026-11`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def after(self) -> date:
        """The first day after it."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def before(self) -> "Month":
        """The month before it."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month.of(self.after)

    @property
    def days(self) -> tuple[date, ...]:
        """All of its days."""
        return days(self.first, self.after)

    @classmethod
    def read(cls, said: str) -> "Month":
        """The month that `2026-11` stands for. Raises ValueError."""
        if len(said) != len("2026-11"):
            raise ValueError(f"`{said}` is no month like 2026-11")
        month = cls.of(date.fromisoformat(f"{said}-01"))
        if month.year == MAXYEAR:
            raise ValueError(f"`{said}` is no month like 2026-11")  # of which a day is the first after it
        return month

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that this day lies in."""
        return cls(day.year, day.month)


@dataclass(frozen=True)
class Stretch:
    """Days of a month, `after` no more one of them, on which the same terms hold."""

    first: date
    after: date
    terms: Terms


def days(first: date, after: date) -> tuple[date, ...]:
    """The days from the first until, not on, the other."""
    return tuple(first + timedelta(days=number) for number in range((after - first).days))


def stretches(month: Month, versions: Sequence[Terms]) -> list[Stretch]:
    """The month cut where other terms begin to hold; days before any did are left out.

    Of two versions from one day on, the later in `versions` holds.
    """
    latest = {one.valid_from: one for one in versions}
    begin = sorted(day for day in latest if day < month.after)
    cut = [(max(day, month.first), after) for day, after in zip(begin, [*begin, month.after][1:], strict=True)]
    return [Stretch(first, after, latest[day]) for day, (first, after) in zip(begin, cut, strict=True) if first < after]
