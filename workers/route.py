"""The router process: woken by Redis or by itself, it decides and makes offers, and sweeps up."""

import time
from collections.abc import Callable, Sequence
from functools import partial

from hotline.callbacks.due import call_backs
from hotline.citizens.at_the_page import note_who_left
from hotline.clock import now
from hotline.db import transaction
from hotline.duties import SWEEPS, attempt, claim, each
from hotline.faults import tell
from hotline.integrations.ari import calls as ari
from hotline.integrations.cti.calls import forget_old, settle_due
from hotline.live import WAKE, is_woken, wait_for
from hotline.offers.sweep import absences, lapses
from hotline.offers.tidy import tidy
from hotline.policies import current_policy
from hotline.queue.learning import learn
from hotline.queue.run import route
from hotline.queue.unserved import UNSERVED, going_home, hand_over_unserved, note_unserved
from hotline.queue.widen import widen
from hotline.tenant import at_work

EVERY = 0.5  # seconds between two looks that nobody asked for


def run(goes_on: Callable[[], bool] = lambda: True) -> None:
    """Route while it goes on: for ever. Several may run beside each other; of a pass, one does it while the others wait
    their turn. Who has woken it is served first: somebody waits for a pass, and nobody for a duty."""
    looked = 0.0
    while goes_on():
        woken = wait_for([WAKE], EVERY)
        try:
            if woken:
                attempt("route", route, due=False)
            if time.monotonic() - looked >= EVERY:
                looked = time.monotonic()
                look_after(claim(SWEEPS))
            elif not woken:
                attempt("route", route, due=False)
        except Exception as error:  # whatever it was, nothing is half done: try again
            tell(error, __name__, "run failed")
            time.sleep(0.5)


def look_after(due: Sequence[str]) -> None:
    """Do these duties, route wherever it is woken between two of them, and in the end what nobody has woken it for."""
    for name in due:
        attempt(name, partial(sweep, name))
        if is_woken(WAKE):
            attempt("route", route, due=False)
    attempt("route", route, due=bool(due))


def sweep(name: str) -> None:
    """One of the router's duties by its name."""
    moment, policy = now(), current_policy()
    match name:
        case "lapse":
            lapses(moment)
        case "absence":
            absences(moment, policy)
        case "widen":
            with transaction(at_work("router")) as session:
                widen(session, moment, policy)
        case "unserved":
            with transaction(at_work("router")) as session:
                note_unserved(session, moment)
                home = going_home(session, moment, policy)
            each(UNSERVED, home, lambda one, inquiry_id: hand_over_unserved(one, inquiry_id, moment, policy))
        case "callback":
            call_backs(moment)
        case "calls":
            settle_due(moment)
        case "learn":
            with transaction(at_work("router")) as session:
                learn(session, policy)
        case "tidy":
            with transaction(at_work("router")) as session:
                tidy(session)
                forget_old(session, moment)
                ari.forget_old(session, moment)
                note_who_left(session, moment)
