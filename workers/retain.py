"""The lane `retain`: erases what its collaboration's rule lets nobody keep any longer."""

from hotline.clock import now
from hotline.db import transaction
from hotline.lanes import in_batches
from hotline.privacy.retention import more_is_due, retain
from hotline.tenant import at_work


def run() -> bool:
    """A transaction and a line of counts for each batch; whether more is due."""
    return in_batches(_batch)


def _batch() -> bool:
    with transaction(at_work("retention")) as session:
        return more_is_due(retain(session, now()))
