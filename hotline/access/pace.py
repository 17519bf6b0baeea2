"""How often somebody may ask who has not signed in: each web process counts by itself, which costs next to nothing.

What is guarded is the process and its connections, of which a request that is refused takes none.
"""

from datetime import datetime
from math import ceil

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from hotline.access.errors import AskedTooOften
from hotline.clock import seconds
from hotline.settings import settings

HERE = FixedWindowRateLimiter(MemoryStorage())


def bear_with(limit: RateLimitItem, now: datetime, *whose: str) -> None:
    """Count one request of theirs at `now` (aware). Raises AskedTooOften beyond the limit; the demo has none."""
    if settings().demo or HERE.hit(limit, *whose):
        return
    until = HERE.get_window_stats(limit, *whose).reset_time
    raise AskedTooOften(retry_after=max(1, ceil(until - seconds(now))))
