"""The pass of the router: what waits is matched with who is free, and the matches become offers."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import now
from hotline.db import transaction
from hotline.directory.together import together
from hotline.duties import PASSING, forget, said, set_aside
from hotline.locks import ROUTING
from hotline.logs import log
from hotline.offers.make import make
from hotline.offers.sweep import take_back_from_the_absent
from hotline.policies import current_policy
from hotline.queue.circles import bring_up_to_date, waiting_circles
from hotline.queue.snapshot import MOST_AGENTS, ROUTE, load_snapshot
from hotline.routing.engine import decide
from hotline.routing.model import Match
from hotline.routing.policy import Policy
from hotline.tenant import at_work


def route() -> int:
    """Decide and offer until nothing more can be matched by any agent with room; how many offers were made.

    What is offered to somebody who is not available any more is taken back first, and so is decided on again.
    """
    take_back_from_the_absent(now())
    made = page = 0
    while True:
        offered, more_agents = one_pass(page)
        made += offered
        if not offered:
            if not more_agents:
                return made
            page += 1


def one_pass(page: int = 0) -> tuple[int, bool]:
    """One look at a page of agents, one decision, one transaction; how many offers, and whether more agents follow.

    Of several routers one looks at a time. Where nothing waits no agent is looked at.
    """
    policy = current_policy()
    with transaction(at_work("router")) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ROUTING})
        waiting = waiting_circles(session)
        if not waiting:
            return 0, False
        moment = now()
        who = together(session, moment)
        bring_up_to_date(session, waiting, who)
        snapshot = load_snapshot(session, moment, policy, who, page)
        matches = [one for one in decide(snapshot, policy) if isinstance(one, Match)]
        return _make(session, matches, moment, policy), len(snapshot.agents) == MOST_AGENTS


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
    except PASSING:
        raise
    except Exception as error:
        log(__name__).warning("one by one", duty=ROUTE, error=said(error))
    made = 0
    for match in matches:
        try:
            with session.begin_nested():
                made += make(session, [match], moment, policy)
                forget(session, ROUTE, match.inquiry, match.agent)
        except PASSING:
            raise
        except Exception as error:
            set_aside(ROUTE, match.inquiry, error)
            set_aside(ROUTE, match.agent, error)
    return made
