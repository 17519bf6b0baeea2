"""The worker process: woken by Redis, by the schedule or by itself, it does what its lanes are for.

Redis says which lane, never what to do: whoever writes to it can have a lane looked at and nothing else.
"""

import time
from collections.abc import Callable

from hotline.duties import LANES, attempt, claim
from hotline.faults import tell
from hotline.live import LANE, is_silent, is_woken, wait_for

from . import alert, annex, classify, deliver, mail, report, reseal, retain, simulate, sms, summarize, teach

FIRST = "classify"
EVERY = 0.5  # seconds between two looks that nobody asked for
WORK: dict[str, Callable[[], bool]] = {
    "classify": classify.run,
    "summarize": summarize.run,
    "reseal": reseal.run,
    "retain": retain.run,
    "teach": teach.run,
    "simulate": simulate.run,
    "alert": alert.run,
    "annex": annex.run,
    "report": report.run,
}


def run(goes_on: Callable[[], bool] = lambda: True) -> None:
    """Work while it goes on: for ever. As many may run beside each other as there is work for."""
    with deliver.beside(goes_on), mail.beside(goes_on), sms.beside(goes_on):
        _work(goes_on)


def _work(goes_on: Callable[[], bool]) -> None:
    unfinished: set[str] = set()
    looked = 0.0
    while goes_on():
        woken = wait_for([LANE + lane for lane in LANES], 0.01 if unfinished else EVERY)
        try:
            due: set[str] = set()
            if time.monotonic() - looked >= EVERY:
                looked = time.monotonic()
                due = set(claim(LANES))
            asked = {woken.removeprefix(LANE)} if woken else {"classify"} if is_silent() else set()
            todo = [lane for lane in LANES if lane in asked | due | unfinished]
            unfinished = {lane for lane in todo if _do(lane, due=lane in due)}
        except Exception as error:  # whatever it was, what is half done was undone
            tell(error, __name__, "work failed")
            time.sleep(0.5)


def _do(lane: str, due: bool) -> bool:
    """One lane's work; whether more is left. What came in meanwhile is classified before the next lane."""
    more = attempt(lane, WORK[lane], due=due)
    if lane != FIRST and is_woken(LANE + FIRST):
        attempt(FIRST, WORK[FIRST], due=False)
    return more
