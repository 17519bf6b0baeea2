"""The lane `annex`: has the month that is over simulated, for the annexes of its settlements."""

from hotline.clock import now
from hotline.db import transaction
from hotline.simulation.savings import save
from hotline.tenant import at_work


def run() -> bool:
    """One look; nothing more is left until the simulation is done."""
    with transaction(at_work("annex")) as session:
        save(session, now())
    return False
