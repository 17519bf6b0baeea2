"""The lane `reseal`: after a key was added, seals again what older keys have sealed."""

from itertools import dropwhile

from hotline.db import transaction
from hotline.lanes import in_batches
from hotline.logs import log
from hotline.privacy.reseal import TABLES, Place, Sealed, reseal
from hotline.privacy.vault import key_ring
from hotline.tenant import at_work


def run() -> bool:
    """Batch after batch, a transaction each, while other lanes wait no longer than for them; whether more is left."""
    try:
        key_ring()
    except (OSError, ValueError) as error:
        log(__name__).error("no key ring here", error=type(error).__name__)
        return False
    return in_batches(_Walk.step)


class _Walk:
    """How far this process has come: the table, and the place in it."""

    table: Sealed = TABLES[0]
    place: Place | None = None

    @classmethod
    def step(cls) -> bool:
        """One batch; whether more may follow. After the last it begins anew."""
        with transaction(at_work("reseal")) as session:
            cls.place = reseal(session, cls.table, cls.place)
        if cls.place is not None:
            return True
        further = list(dropwhile(lambda one: one is not cls.table, TABLES))[1:]
        cls.table = (further or TABLES)[0]
        return bool(further)
