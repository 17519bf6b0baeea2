"""The lane `summarize`: takes the journal's new lines into the municipalities' figures."""

from hotline.db import transaction
from hotline.lanes import in_batches
from hotline.statistics.summarize import BATCH, summarize
from hotline.tenant import at_work


def run() -> bool:
    """Take what is there, one transaction a batch; whether more is left."""
    return in_batches(_batch)


def _batch() -> bool:
    with transaction(at_work("summarize")) as session:
        return summarize(session, BATCH) >= BATCH
