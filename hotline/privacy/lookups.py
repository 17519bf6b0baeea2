"""Who looked at which citizen's data, when and why: one line a look, never the data itself.

Who and when it was says the transaction, and no statement of it can say another.
"""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from hotline.privacy.cpr import redact
from hotline.privacy.models import Look, Lookup

# Reasons that are the hotline's own words; what somebody typed may name a citizen, and is erased with them.
CITIZEN_ASKED, HANDED_OVER = "the citizen asked", "notes handed over to the case system"
REPLAYED = "erased again after a restore"
OURS = (CITIZEN_ASKED, HANDED_OVER, REPLAYED)

OPENED = insert(Lookup).on_conflict_do_nothing()


def opened(session: Session, inquiry_id: UUID) -> None:
    """The inquiry, and with it who asks, is on the agent's screen from now on; one line however often it is drawn."""
    session.connection().execute(OPENED, {"what": Look.OPENED, "inquiry_id": inquiry_id})


def looked(session: Session, what: Look, why: str | None, *inquiries: UUID, subject: bytes | None = None) -> None:
    """Whoever this transaction is for did this with the citizens' data of these inquiries, for this reason, if any.

    `subject` is the citizen that was searched for, if it was one; a search that found nothing is a line, too.
    """
    for one in inquiries or (None,):
        session.add(Lookup(what=what, why=_clean(why), inquiry_id=one, subject=subject))
    session.flush()


def _clean(why: str | None) -> str | None:
    return redact(why.strip())[0] or None if why else None
