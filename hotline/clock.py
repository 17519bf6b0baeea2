"""The only place that asks what time it is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


def danish(moment: datetime) -> datetime:
    """The same moment as a clock on a Danish wall shows it."""
    return moment.astimezone(DANISH_TIME)
