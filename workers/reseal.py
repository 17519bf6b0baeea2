"""The lane `reseal`: after a key was added, seals again what older keys have sealed."""

import time

from hotline.db import transaction
from hotline.logs import log
from hotline.privacy.reseal import TABLES, reseal
from hotline.privacy.vault import key_ring
from hotline.tenant import at_work

MOST_SECONDS = 30.0


def run() -> bool:
    """Batch after batch, a transaction each, for half a minute; whether more is left."""
    try:
        key_ring()
    except (OSError, ValueError) as error:
        log(__name__).error("no key ring here", error=type(error).__name__)
        return False
    begun = time.monotonic()
    for table in TABLES:
        place = None
        while True:
            with transaction(at_work("reseal")) as session:
                place = reseal(session, table, place)
            if place is None:
                break
            if time.monotonic() - begun > MOST_SECONDS:
                return True
    return False
