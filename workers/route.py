"""The router process: woken by Redis or by the second, it decides and makes offers."""

import time

from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hotline.clock import now
from hotline.db import transaction
from hotline.jobs import enqueue
from hotline.live import wait_for_wake
from hotline.logs import log
from hotline.offers.make import make
from hotline.offers.sweep import sweep
from hotline.policies import current
from hotline.queue.snapshot import load_snapshot
from hotline.queue.widen import widen
from hotline.routing.engine import decide
from hotline.routing.model import Match
from hotline.tenant import at_work

EVERY = 1.0
HOURLY = 3600.0
LOCK = 7_260_002


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


def route() -> int:
    """Decide and offer until nothing more can be matched; how many offers were made."""
    made = 0
    while offered := one_pass():
        made += offered
    return made


def one_pass() -> int:
    """One look at the desk, one decision, one transaction; how many offers were made."""
    policy = current()
    with transaction(at_work("router")) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        moment = now()
        decisions = decide(load_snapshot(session, moment, policy), policy)
        return make(session, [one for one in decisions if isinstance(one, Match)], moment, policy)


def _wait(seconds: float) -> None:
    try:
        wait_for_wake(seconds)
    except RedisError:
        time.sleep(0.2)  # without Redis the router looks by itself
