"""What a page of figures shows of a municipality over a window: its sums, and what stands beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from sqlmodel import Session

from hotline.statistics import queries
from hotline.statistics.measures import SERVICE_LEVELS, Share
from hotline.statistics.models import COUNTS
from hotline.statistics.queries import Counts, Point
from hotline.statistics.spans import Window
from hotline.statistics.waits import percentiles

ALIKE, LITTLE = 0.01, 0.05  # from one share to another


@dataclass(frozen=True)
class View:
    """A municipality over a window, as of a moment (aware), in one channel or all of them (None).

    `is_traceable` says that whoever looks may see inquiries.
    """

    db: Session
    code: str
    shown: Window
    moment: datetime
    formula: str
    channel: str | None = None
    is_traceable: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more of the window is to come."""
        return self.shown.end <= self.moment

    @cached_property
    def points(self) -> list[Point]:
        """The counts by the window's intervals."""
        return queries.series(self.db, self.code, self.shown.start, self.shown.end, self.shown.grain, self.channel)

    def sums(self) -> Counts:
        """The counts of the whole window."""
        return {name: sum(point.counts[name] for point in self.points) for name in COUNTS}

    def before(self) -> Counts:
        """Those of the window before."""
        before = self.shown.before
        return queries.totals(self.db, self.code, before.start, before.end, self.channel)

    def service_level(self, counts: Counts) -> Share:
        """By the formula in use."""
        return SERVICE_LEVELS[self.formula](counts)

    def waits(self) -> dict[str, float | None]:
        """The seconds within which half, nine of ten and 95 of a hundred had been answered or had left."""
        return percentiles(queries.waits(self.db, self.code, self.shown.start, self.shown.end, self.channel))

    def trace(self, number: str, of: Mapping[str, object] | None = None) -> str:
        """The address of the inquiries behind one of its numbers, of the whole window or of a part of it."""
        days = {"first": self.shown.first, "last": self.shown.last}
        asked = {"of": number, **days, **(of or {})} | ({"channel": self.channel} if self.channel else {})
        return f"/municipalities/{self.code}/inquiries?{urlencode(asked)}"


def is_counted(counts: Counts) -> bool:
    """Whether anything at all was: where nothing was there are no figures, which are no noughts."""
    return any(counts.values())


def tenths(share: Share) -> tuple[int, int]:
    """A share as people say it: nine of ten, or so many of so few. All and none are said of exactly all and none."""
    if not share.is_of_many or share.value is None:
        return round(share.part), round(share.whole)
    if share.part in (0, share.whole):
        return round(share.part), round(share.whole)
    return min(9, max(1, round(10 * share.value))), 10


def beside(share: Share, before: Share) -> str:
    """How a share compares with that of the time before: a word's key, or none where either is of too few."""
    if not (share.is_of_many and before.is_of_many) or share.value is None or before.value is None:
        return ""
    more = share.value - before.value
    if abs(more) < ALIKE:
        return "alike"
    return ("little_" if abs(more) < LITTLE else "") + ("more" if more > 0 else "fewer")
