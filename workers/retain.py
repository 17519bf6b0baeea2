"""The lane `retain`: erases what its collaboration's rule lets nobody keep any longer."""

import time

from hotline.clock import now
from hotline.db import transaction
from hotline.jobs import enqueue
from hotline.privacy.retention import more_is_due, retain
from hotline.tenant import at_work

MOST_SECONDS = 30.0


def run() -> None:
    """A transaction and a line of counts for each batch, for half a minute; the next job goes on where more is due."""
    begun = time.monotonic()
    while True:
        with transaction(at_work("retention")) as session:
            done = retain(session, now())
        if not more_is_due(done):
            return
        if time.monotonic() - begun > MOST_SECONDS:
            enqueue("retain")
            return
