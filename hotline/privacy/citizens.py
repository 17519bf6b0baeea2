"""One citizen's rights: which inquiries are theirs, what is kept, who looked; everything handed out, or erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.ids import read_reference
from hotline.privacy import subjects
from hotline.privacy.errors import SharedReference
from hotline.privacy.retention import RULES, TO_HAND_OVER, erase_identities, erase_texts
from hotline.privacy.typed import forget_reasons, words
from hotline.privacy.vault import search_hash, unsealed

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
MESSAGES = "SELECT inquiry_id, sender, at, text FROM message WHERE inquiry_id = ANY(:ids) ORDER BY id"
NUMBERS = """
    SELECT inquiry_id, sealed FROM kept_cpr WHERE inquiry_id = ANY(:ids) AND NOT false_hit ORDER BY inquiry_id, n
"""
REASONS = """
    SELECT inquiry_id, answered_at, answer_reason FROM offer
    WHERE inquiry_id = ANY(:ids) AND state = 'refused' AND answer_reason IS NOT NULL ORDER BY id
"""
BREAKS = "SELECT at, reason FROM presence_change WHERE reason ~* :words ORDER BY id"
LOOKS = """
    SELECT l.at, l.what, l.why, i.reference FROM lookup l LEFT JOIN inquiry i ON i.id = l.inquiry_id
    WHERE l.inquiry_id = ANY(:ids) OR l.subject = :subject ORDER BY l.at, l.id
"""


@dataclass(frozen=True)
class Subject:
    """A citizen as they are searched for: by phone, email or cpr, by its keyed hash alone, or by `reference`.

    `words` is a regular expression of PostgreSQL that finds them where somebody wrote them in the clear: in an external
    id, or in a reason that is no inquiry's own.
    """

    field: str
    hash: bytes
    words: str | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Erased:
    """What became of a citizen's inquiries, by reference: erased; identity erased but texts to be handed over; open.

    `ids` are all of them.
    """

    erased: tuple[str, ...]
    to_hand_over: tuple[str, ...]
    still_open: tuple[str, ...]
    ids: tuple[UUID, ...]


def subject(field: str, said: str) -> Subject:
    """The citizen with this phone, email or cpr, or who asked under this reference.

    Raises ValueError, without what was said, where it is none.
    """
    if field == "reference":
        if not (reference := read_reference(said)):
            raise ValueError("this is no reference")
        return Subject(field, search_hash(reference, field), reference=reference)
    written = {"phone": subjects.phone, "email": subjects.email, "cpr": subjects.cpr}[field](said)
    if not written or (field == "cpr" and len(written) != 10):
        raise ValueError(f"this is no {field}")
    return Subject(field, search_hash(written, field), words(field, written))


def inquiries_of(session: Session, who: Subject) -> list[UUID]:
    """The ids of this citizen's inquiries, as long as it is kept who asked; of a reference, that inquiry alone.

    Raises SharedReference for one of the few references that two inquiries share: they may be of two citizens.
    """
    if who.field == "reference":
        session.execute(text("SET LOCAL statement_timeout = '5min'"))  # no index: it is asked for a few times a year
        by_reference = text("SELECT id FROM inquiry WHERE reference = :reference")
        found = list(session.execute(by_reference, {"reference": who.reference}).scalars())
        if len(found) > 1:
            raise SharedReference
        return found
    statement = f"SELECT inquiry_id FROM citizen WHERE {who.field}_hash = :hash"
    if who.field == "cpr":
        statement += " UNION SELECT inquiry_id FROM kept_cpr WHERE number_hash = :hash"
    if who.words:
        statement += " UNION SELECT id FROM inquiry WHERE external_id IS NOT NULL AND external_id ~* :words"
    return list(session.execute(text(statement), {"hash": who.hash, "words": who.words}).scalars())


def left_of(session: Session, ids: Sequence[UUID], who: Subject, until: datetime) -> list[UUID]:
    """Of these inquiries, and the citizen's own that had come in by `until` (aware), those that are not erased yet."""
    mine = "SELECT id FROM inquiry WHERE id = ANY(:ids) AND received_at <= :until"
    own = session.execute(text(mine), {"ids": inquiries_of(session, who), "until": until}).scalars()
    left = """
        SELECT i.id FROM inquiry i WHERE i.id = ANY(:ids) AND i.erase_asked_at IS NULL
        AND (i.texts_erased_at IS NULL OR i.external_id IS NOT NULL
             OR EXISTS (SELECT 1 FROM citizen c WHERE c.inquiry_id = i.id)
             OR EXISTS (SELECT 1 FROM kept_cpr k WHERE k.inquiry_id = i.id))
    """
    return list(session.execute(text(left), {"ids": [*ids, *own]}).scalars())


def report(session: Session, who: Subject) -> dict[str, Any]:
    """What the citizen may know, ready for JSON: each inquiry and what is kept of it until when, and each look.

    Who looked stays out of it: a look has its time, its kind and its reason.
    """
    ids = inquiries_of(session, who)
    notes, messages = _by_inquiry(session, NOTES, ids), _by_inquiry(session, MESSAGES, ids)
    numbers = _by_inquiry(session, NUMBERS, ids)
    inquiries = []
    for row in session.execute(text(KEPT), {"ids": ids}).mappings():
        kept = [field for field in FIELDS if row[field]]
        kept += ["external_id"] if row["external_id"] else []
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
                "messages": len(messages.get(row["id"], [])),
                "identity_until": _until(row["ended_at"], row["identity_days"]),
                "text_until": _until(row["ended_at"], row["text_days"]),
            }
        )
    return {"inquiries": inquiries, "looks": looks(session, who, ids)}


def export(session: Session, who: Subject) -> dict[str, Any]:
    """The report with the data themselves, opened. A field whose key is gone says so with null.

    `breaks` are reasons of agents' breaks in which this citizen is named.
    """
    ids = inquiries_of(session, who)
    told = report(session, who)
    reasons = _by_inquiry(session, REASONS, ids)
    notes, numbers, messages = (_by_inquiry(session, of, ids) for of in (NOTES, NUMBERS, MESSAGES))
    rows = session.execute(text(KEPT), {"ids": ids}).mappings()
    for inquiry, row in zip(told["inquiries"], rows, strict=True):
        inquiry["data"] = {
            "citizen": {field: unsealed(row[field], field) for field in FIELDS if row[field]},
            "external_id": row["external_id"],
            "cpr_numbers_found": [unsealed(one["sealed"], "kept_cpr") for one in numbers.get(row["id"], [])],
            "text": row["text"],
            "attributes": row["attributes"],
            "outcome": row["outcome"],
            "notes": [{"at": one["at"].isoformat(), "text": one["text"]} for one in notes.get(row["id"], [])],
            "messages": [
                {"at": one["at"].isoformat(), "from": one["sender"], "text": one["text"]}
                for one in messages.get(row["id"], [])
            ],
            "refusals": [
                {"at": one["answered_at"].isoformat(), "reason": one["answer_reason"]}
                for one in reasons.get(row["id"], [])
            ],
        }
    breaks = session.execute(text(BREAKS), {"words": who.words}).mappings()
    return told | {"breaks": [{"at": one["at"].isoformat(), "reason": one["reason"]} for one in breaks]}


def erase(session: Session, who: Subject, now: datetime) -> Erased:
    """Erase who asked and what was written, of inquiries that have ended; figures stay.

    What is still open is remembered, and erased by retention once it has ended. Texts whose notes must be handed over
    first stay until then, though nobody finds them by the citizen any more.
    """
    return erase_these(session, inquiries_of(session, who), now, who.words)


def erase_these(session: Session, ids: Sequence[UUID], now: datetime, searched: str | None = None) -> Erased:
    """The same for these inquiries, as far as they are there; `searched` are words by which reasons name them, too."""
    forget_reasons(session, searched, ids)
    rows = session.execute(text(KEPT), {"ids": list(ids)}).mappings().all()
    ended = [row for row in rows if row["state"] in ("closed", "abandoned", "handed_over")]
    asked = "UPDATE inquiry SET erase_asked_at = coalesce(erase_asked_at, :now) WHERE id = ANY(:ids)"
    later = [row["id"] for row in rows if row not in ended or row["must_hand_over"]]
    session.execute(text(asked), {"now": now, "ids": later})
    erase_identities(session, [row["id"] for row in ended])
    free = [row for row in ended if not row["must_hand_over"]]
    erase_texts(session, [row["id"] for row in free], now)
    return Erased(
        tuple(row["reference"] for row in free),
        tuple(row["reference"] for row in ended if row["must_hand_over"]),
        tuple(row["reference"] for row in rows if row not in ended),
        tuple(row["id"] for row in rows),
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
