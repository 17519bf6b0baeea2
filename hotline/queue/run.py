"""The pass of the router: what waits is matched with who is free, and the matches become offers."""

from sqlalchemy import text

from hotline.clock import now
from hotline.db import transaction
from hotline.locks import ROUTING
from hotline.offers.make import make
from hotline.offers.sweep import take_back_from_the_absent
from hotline.policies import current
from hotline.queue.snapshot import MOST_AGENTS, load_snapshot, something_waits
from hotline.routing.engine import decide
from hotline.routing.model import Match
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
    policy = current()
    with transaction(at_work("router")) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ROUTING})
        if not something_waits(session):
            return 0, False
        moment = now()
        snapshot = load_snapshot(session, moment, policy, page)
        matches = [one for one in decide(snapshot, policy) if isinstance(one, Match)]
        return make(session, matches, moment, policy), len(snapshot.agents) == MOST_AGENTS
