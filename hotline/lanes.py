"""later(): work of a lane, which a worker does once the transaction has committed."""

import time
from collections.abc import Callable

from sqlmodel import Session

from hotline.live import LANE, wake, wake_lane_later

MOST_SECONDS = 2.0  # then whatever else waits has its turn


def later(session: Session, lane: str) -> None:
    """Have the lane's work done once this transaction has committed."""
    wake_lane_later(session, lane)


def enqueue(lane: str) -> None:
    """Have the lane's work done soon; a wake-up that waits already is enough, for it means all there is by then.

    What does the work is workers/<lane>.py:run. Lost with Redis, it is done by the schedule (duties.py).
    """
    wake(LANE + lane)


def in_batches(step: Callable[[], bool], most: float = MOST_SECONDS) -> bool:
    """Do batch after batch until `step` says that nothing is left, or `most` seconds are over; whether more is left."""
    begun = time.monotonic()
    while step():
        if time.monotonic() - begun > most:
            return True
    return False
