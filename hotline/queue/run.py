"""The pass of the router: what waits is matched with who is free, and the matches become offers."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import now
from hotline.db import transaction
from hotline.directory.together import together
from hotline.duties import forget, is_no_rows_fault, said, set_aside
from hotline.locks import ROUTING
from hotline.logs import log
from hotline.offers.make import make
from hotline.offers.sweep import take_back_from_the_absent
from hotline.policies import current_policy
from hotline.queue.circles import waiting_circles
from hotline.queue.opening import bring_up_to_date
from hotline.queue.ready import FIRST, ROUTE, Class, Ready, ready
from hotline.queue.snapshot import load_snapshot
from hotline.routing.engine import matches
from hotline.routing.model import Match
from hotline.routing.policy import Policy
from hotline.tenant import at_router

MOST_YOUNG = 100  # classes that a pass opens further; of more of them the sweep does, once a second


def route(clock: Callable[[], datetime] = now) -> int:
    """Decide and offer until nothing more can be matched by any agent with room; how many offers were made.

    What is offered to somebody who is not available any more is taken back first, and so is decided on again. `clock`
    says what time it is (aware).
    """
    take_back_from_the_absent(clock())
    made, after = 0, FIRST
    while True:
        offered, following = one_pass(after, clock)
        made += offered
        if following is None:
            return made
        after = following


def one_pass(after: Class = FIRST, clock: Callable[[], datetime] = now) -> tuple[int, Class | None]:
    """One look at what can be matched of the classes that come `after` one, one decision, one transaction: how many
    offers, and after which class to look on; None where nothing more can be matched.

    Of several routers one looks at a time. Where nothing waits no agent is looked at.
    """
    policy = current_policy()
    with transaction(at_router()) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ROUTING})
        waiting = waiting_circles(session)
        if not waiting:
            return 0, None
        moment = clock()
        who = together(session, moment)
        if bring_up_to_date(session, waiting, who, moment, MOST_YOUNG):
            waiting = waiting_circles(session)
        found = ready(session, moment, policy, who, waiting, after)
        chosen = matches(load_snapshot(session, moment, policy, who, found.agents, waiting), policy)
        made = _make(session, chosen, moment, policy)
        if not made:
            return 0, found.last
        return made, None if made == len(chosen) and _is_all_room_taken(found, chosen) else after


def _is_all_room_taken(found: Ready, chosen: list[Match]) -> bool:
    room = sum(agent.capacity - agent.load for agent in found.agents)
    return found.are_all and sum(one.units for one in chosen) == room


def _make(session: Session, matches: list[Match], moment: datetime, policy: Policy) -> int:
    """Make the offers; where they break a rule of the database one by one, so that one stops none of the others.

    Whether the inquiry or the agent is at fault is not known: both are passed over for a while, and whichever is sound
    goes well with the next one it is matched with.
    """
    try:
        with session.begin_nested():
            if matches:
                forget(session, ROUTE, *(one for match in matches for one in (match.inquiry, match.agent)))
            return make(session, matches, moment, policy)
    except Exception as error:
        if is_no_rows_fault(error):
            raise
        log(__name__).warning("one by one", duty=ROUTE, error=said(error))
    made = 0
    for match in matches:
        try:
            with session.begin_nested():
                made += make(session, [match], moment, policy)
                forget(session, ROUTE, match.inquiry, match.agent)
        except Exception as error:
            if is_no_rows_fault(error):
                raise
            set_aside(ROUTE, match.inquiry, error)
            set_aside(ROUTE, match.agent, error)
    return made
