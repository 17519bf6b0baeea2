"""How often a key may ask: each web process counts by itself, a second at a time, so that it costs next to nothing."""

from datetime import datetime

from hotline.access.errors import TooManyRequests
from hotline.settings import settings


class Rate:
    """The requests of each key in the present second."""

    def __init__(self) -> None:
        self._second = 0
        self._asked: dict[bytes, int] = {}

    def take(self, key_hash: bytes, now: datetime) -> None:
        """Count one request at `now` (aware). Raises TooManyRequests beyond HOTLINE_KEY_REQUESTS_PER_SECOND.

        0 sets no limit, and the demo has none.
        """
        limit = settings().key_requests_per_second
        if limit <= 0 or settings().demo:
            return
        if (second := int(now.timestamp())) != self._second:
            self._second, self._asked = second, {}
        asked = self._asked[key_hash] = self._asked.get(key_hash, 0) + 1
        if asked > limit:
            raise TooManyRequests(retry_after=1)


# One for the process: the intake path and all other calls count together.
RATE = Rate()
