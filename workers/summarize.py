"""The lane `summarize`: takes the journal's new lines into the municipalities' figures."""

from hotline.db import transaction
from hotline.statistics.summarize import BATCH, summarize
from hotline.tenant import at_work


def run() -> None:
    """Take all that is there, one transaction a batch; what is written meanwhile has its own wake-up."""
    taken = BATCH
    while taken >= BATCH:
        with transaction(at_work("summarize")) as session:
            taken = summarize(session, BATCH)
