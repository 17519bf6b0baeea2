"""The lane `report`: makes the reports for councils that are due or asked for."""

from hotline.clock import now
from hotline.lanes import in_batches
from hotline.statistics.reports import make_next


def run() -> bool:
    """One after the other, a transaction each; whether more are left."""
    return in_batches(lambda: make_next(now()))
