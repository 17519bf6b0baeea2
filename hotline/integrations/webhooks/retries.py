"""When the next try is due, and what an answer means: pure, so that a day passes in no time."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from random import Random

MINUTE, HOUR = 60.0, 3600.0
# Seconds after the first try, as the Standard Webhooks rules have them: at once, then for a day.
TRIES = (0.0, 5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
JITTER = 0.1  # of the delay, either way
DAY = timedelta(days=1)
# An address that fails again and again is tried by one delivery alone, after rests of so many seconds, doubled each
# time: the others wait with theirs and do not use theirs up.
RESTS_AFTER, FIRST_REST, LONGEST_REST = 3, 2.0, 5 * MINUTE


class Meaning(Enum):
    """Of an answer's status."""

    TAKEN = auto()
    FAILED = auto()
    GONE = auto()


def meaning(status: int) -> Meaning:
    """A redirect is a failure as any other: nobody follows it."""
    if 200 <= status < 300:
        return Meaning.TAKEN
    return Meaning.GONE if status == 410 else Meaning.FAILED


def next_try(first_at: datetime, attempts: int, now: datetime, random: Random) -> datetime | None:
    """When it is tried again after so many attempts, the first made at `first_at`; None where a day is over."""
    if attempts >= len(TRIES) or now - first_at > DAY * (1 + JITTER):
        return None
    delay = TRIES[attempts] * random.uniform(1 - JITTER, 1 + JITTER)
    return max(first_at + timedelta(seconds=delay), now + timedelta(seconds=1))


def rest(failures: int, now: datetime) -> datetime | None:
    """Until when nothing is sent to an address after so many failures in a row; None: anything that is due."""
    if failures < RESTS_AFTER:
        return None
    return now + timedelta(seconds=min(FIRST_REST * 2 ** min(failures - RESTS_AFTER, 16), LONGEST_REST))


def asked_for(retry_after: str | None, now: datetime) -> datetime | None:
    """The moment that a Retry-After names, in seconds or as a date; no later than in a day."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        wanted = now + timedelta(seconds=min(int(retry_after.strip()[:9]), DAY.total_seconds()))
    else:
        try:
            wanted = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    return min(max(wanted, now), now + DAY)
