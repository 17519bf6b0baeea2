"""One citizen's rights: which inquiries are theirs, what is kept, who looked; everything handed out, or erased."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.privacy import subjects
from hotline.privacy.cpr import TOKEN
from hotline.privacy.marks import mark_of
from hotline.privacy.retention import MARKED_NAME, RULES, TO_HAND_OVER, erase_identities, erase_texts
from hotline.privacy.vault import Unreadable, search_hash, unseal

FIELDS = ("name", "phone", "email", "cpr")

KEPT = f"""{RULES}
    SELECT i.id, i.reference, i.municipality, m.name AS municipality_name, i.channel, i.topic, t.kle, i.state,
           i.received_at, i.ended_at, i.outcome, i.text, i.attributes, i.external_id, c.name, c.phone, c.email, c.cpr,
           r.identity_days, r.text_days, {TO_HAND_OVER} AS must_hand_over
    FROM inquiry i JOIN rule r ON r.code = i.municipality JOIN municipality m ON m.code = i.municipality
    LEFT JOIN topic t ON t.slug = i.topic LEFT JOIN citizen c ON c.inquiry_id = i.id
    WHERE i.id = ANY(:ids) ORDER BY i.received_at, i.id
"""
NOTES = "SELECT inquiry_id, at, text, handed_over_at FROM note WHERE inquiry_id = ANY(:ids) ORDER BY id"
NUMBERS = """
    SELECT inquiry_id, sealed FROM kept_cpr WHERE inquiry_id = ANY(:ids) AND NOT false_hit ORDER BY inquiry_id, n
"""
LOOKS = """
    SELECT l.at, l.what, l.why, i.reference FROM lookup l LEFT JOIN inquiry i ON i.id = l.inquiry_id
    WHERE l.inquiry_id = ANY(:ids) OR l.subject = :subject ORDER BY l.at, l.id
"""


@dataclass(frozen=True)
class Subject:
    """A citizen as they are searched for: by phone, email or cpr, of which only the keyed hash is used.

    `mark` is what stands in the place of their CPR number in an external id.
    """

    field: str
    hash: bytes
    mark: str | None = None


@dataclass(frozen=True)
class Erased:
    """What became of a citizen's inquiries, by reference: erased; identity erased but texts to be handed over; open."""

    erased: tuple[str, ...]
    to_hand_over: tuple[str, ...]
    still_open: tuple[str, ...]


def subject(field: str, said: str) -> Subject:
    """The citizen with this phone, email or cpr. Raises ValueError, without what was said, where it is none."""
    written = {"phone": subjects.phone, "email": subjects.email, "cpr": subjects.cpr}[field](said)
    if not written or (field == "cpr" and len(written) != 10) or (field == "email" and "@" not in written):
        raise ValueError(f"this is no {field}")
    return Subject(field, search_hash(written, field), mark_of(written) if field == "cpr" else None)


def find(session: Session, who: Subject) -> list[UUID]:
    """The ids of this citizen's inquiries, as long as it is kept who asked."""
    statement = f"SELECT inquiry_id FROM citizen WHERE {who.field}_hash = :hash"
    if who.field == "cpr":
        statement += " UNION SELECT inquiry_id FROM kept_cpr WHERE number_hash = :hash"
        statement += f" UNION SELECT id FROM inquiry WHERE {MARKED_NAME} AND strpos(external_id, :mark) > 0"
    return list(session.execute(text(statement), {"hash": who.hash, "mark": who.mark}).scalars())


def report(session: Session, who: Subject) -> dict[str, Any]:
    """What the citizen may know, ready for JSON: each inquiry and what is kept of it until when, and each look.

    Who looked stays out of it: a look has its time, its kind and its reason.
    """
    ids = find(session, who)
    notes = _by_inquiry(session, NOTES, ids)
    numbers = _by_inquiry(session, NUMBERS, ids)
    inquiries = []
    for row in session.execute(text(KEPT), {"ids": ids}).mappings():
        kept = [field for field in FIELDS if row[field]]
        kept += ["external_id"] if TOKEN in (row["external_id"] or "") else []
        inquiries.append(
            {
                name: row[name]
                for name in ("reference", "municipality", "municipality_name", "channel", "topic", "state")
            }
            | {
                "received_at": row["received_at"].isoformat(),
                "ended_at": row["ended_at"].isoformat() if row["ended_at"] else None,
                "kept": kept,
                "cpr_numbers_found": len(numbers.get(row["id"], [])),
                "text": bool(row["text"]),
                "notes": len(notes.get(row["id"], [])),
                "identity_until": _until(row["ended_at"], row["identity_days"]),
                "text_until": _until(row["ended_at"], row["text_days"]),
            }
        )
    return {"inquiries": inquiries, "looks": looks(session, who, ids)}


def export(session: Session, who: Subject) -> dict[str, Any]:
    """The report with the data themselves, opened. A field whose key is gone says so with null."""
    ids = find(session, who)
    told = report(session, who)
    notes, numbers = _by_inquiry(session, NOTES, ids), _by_inquiry(session, NUMBERS, ids)
    rows = session.execute(text(KEPT), {"ids": ids}).mappings()
    for inquiry, row in zip(told["inquiries"], rows, strict=True):
        inquiry["data"] = {
            "citizen": {field: _open(row[field], field) for field in FIELDS if row[field]},
            "external_id": row["external_id"],
            "cpr_numbers_found": [_open(one["sealed"], "kept_cpr") for one in numbers.get(row["id"], [])],
            "text": row["text"],
            "attributes": row["attributes"],
            "outcome": row["outcome"],
            "notes": [{"at": one["at"].isoformat(), "text": one["text"]} for one in notes.get(row["id"], [])],
        }
    return told


def erase(session: Session, who: Subject, now: datetime) -> Erased:
    """Erase who asked and what was written, of inquiries that have ended; figures stay.

    Texts whose notes must be handed over first stay until then, though nobody finds them by the citizen any more.
    """
    rows = session.execute(text(KEPT), {"ids": find(session, who)}).mappings().all()
    ended = [row for row in rows if row["state"] in ("closed", "abandoned", "handed_over")]
    erase_identities(session, [row["id"] for row in ended])
    free = [row for row in ended if not row["must_hand_over"]]
    erase_texts(session, [row["id"] for row in free], now)
    return Erased(
        tuple(row["reference"] for row in free),
        tuple(row["reference"] for row in ended if row["must_hand_over"]),
        tuple(row["reference"] for row in rows if row not in ended),
    )


def looks(session: Session, who: Subject, ids: list[UUID]) -> list[dict[str, Any]]:
    """Every look at these inquiries or for this citizen, oldest first, without the employee."""
    found = session.execute(text(LOOKS), {"ids": ids, "subject": who.hash}).mappings()
    return [dict(row) | {"at": row["at"].isoformat()} for row in found]


def _by_inquiry(session: Session, statement: str, ids: list[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in session.execute(text(statement), {"ids": ids}).mappings():
        found.setdefault(row["inquiry_id"], []).append(row)
    return found


def _until(ended_at: datetime | None, days: int) -> str | None:
    """The Danish day, as in `2026-12-31`."""
    return danish(ended_at + timedelta(days=days)).date().isoformat() if ended_at else None


def _open(sealed: bytes | None, field: str) -> str | None:
    try:
        return unseal(sealed, field) if sealed else None
    except Unreadable:
        return None
