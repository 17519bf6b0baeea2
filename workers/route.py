"""The router process: woken by Redis or by the second, it decides and makes offers."""

import time

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from hotline.clock import now
from hotline.db import transaction
from hotline.jobs import enqueue
from hotline.live import wait_for_wake
from hotline.logs import log
from hotline.offers.sweep import sweep
from hotline.policies import current
from hotline.queue.run import route
from hotline.queue.widen import widen
from hotline.tenant import at_work

EVERY, HOURLY = 1.0, 3600.0  # seconds


def run() -> None:
    """Route for ever. Several may run beside each other; of a pass, one does it while the others wait their turn."""
    swept = 0.0
    tidied = -HOURLY
    while True:
        try:
            _wait(EVERY)
            if time.monotonic() - swept >= EVERY:
                swept = time.monotonic()
                sweep(now(), current(), lambda: enqueue("classify"))
                with transaction(at_work("router")) as session:
                    widen(session, now(), current())
                enqueue("summarize")
                if time.monotonic() - tidied >= HOURLY:
                    tidied = time.monotonic()
                    enqueue("reseal")
                    enqueue("retain")
            route()
        except DBAPIError as error:  # the database is away or refused: nothing is half done, try again
            log(__name__).warning("run failed", error=type(error.orig).__name__, detail=str(error.orig).split("\n")[0])
            time.sleep(0.5)


def _wait(seconds: float) -> None:
    try:
        wait_for_wake(seconds)
    except RedisError:
        time.sleep(0.2)  # without Redis the router looks by itself
