"""The only place that asks what time it is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


def seconds_between(earlier: datetime, later: datetime) -> float:
    """How long it took; 0 where the clock stepped back meanwhile, since nothing takes less than no time."""
    return max((later - earlier).total_seconds(), 0.0)


def danish(moment: datetime) -> datetime:
    """The same moment as a clock on a Danish wall shows it."""
    return moment.astimezone(DANISH_TIME)


def seconds(moment: datetime) -> float:
    """The moment (aware) on the clock of the core: seconds since 1970, to the microsecond."""
    return moment.timestamp()


def at(moment: float) -> datetime:
    """The same moment, aware and in UTC."""
    return datetime.fromtimestamp(moment, UTC)
