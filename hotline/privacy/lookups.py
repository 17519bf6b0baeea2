"""Who looked at which citizen's data, when and why: one line a look, never the data itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from hotline.privacy.cpr import redact
from hotline.privacy.models import Look, Lookup

# Reasons that are the hotline's own words; what somebody typed may name a citizen, and is erased with them.
CITIZEN_ASKED, HANDED_OVER = "the citizen asked", "notes handed over to the case system"
REPLAYED = "erased again after a restore"
OURS = (CITIZEN_ASKED, HANDED_OVER, REPLAYED)


def opened(session: Session, agent_id: int, inquiry_id: UUID, at: datetime) -> None:
    """The inquiry, and with it who asks, is on this agent's screen from now on; one line however often it is drawn."""
    line = {"at": at, "who": f"person {agent_id}", "person_id": agent_id, "what": Look.OPENED, "inquiry_id": inquiry_id}
    session.connection().execute(insert(Lookup).values(line).on_conflict_do_nothing())


def by_person(
    session: Session, person_id: int, what: Look, inquiry_id: UUID, at: datetime, why: str | None = None
) -> None:
    """A signed-in person did this with the citizen's data of an inquiry, for the reason they gave, if any."""
    session.add(
        Lookup(at=at, who=f"person {person_id}", person_id=person_id, what=what, inquiry_id=inquiry_id, why=_clean(why))
    )
    session.flush()


def by_command(
    session: Session, account: str, what: Look, subject: bytes | None, inquiry_ids: list[UUID], at: datetime, why: str
) -> None:
    """An operator's command looked for a citizen: one line for each inquiry it found, or one where it found none.

    `subject` is empty where it was not one citizen that it looked for.
    """
    line: dict[str, Any] = {
        "at": at,
        "who": f"command by {account}",
        "what": what,
        "subject": subject,
        "why": _clean(why),
    }
    session.add_all(Lookup(**line, inquiry_id=one) for one in inquiry_ids)
    if not inquiry_ids:
        session.add(Lookup(**line))
    session.flush()


def _clean(why: str | None) -> str | None:
    return redact(why.strip())[0] or None if why else None
