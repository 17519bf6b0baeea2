"""prepare(): a valid request becomes a draft: cleaned, sealed, and all that a row needs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hotline.ids import new_id, reference_of
from hotline.intake.models import State
from hotline.intake.requests import CitizenIn, InquiryIn, links_of
from hotline.privacy import subjects
from hotline.privacy.cpr import TOKEN, redact
from hotline.privacy.vault import body_hash, seal, search_hash


@dataclass(frozen=True)
class Draft:
    """One inquiry to be stored: `row` and `citizen` are columns by name, `answer` is what will be told.

    `kept` are rows of kept_cpr by column, bytes in hex.
    """

    id: UUID
    integrator_id: int
    key: str | None
    body_hash: bytes
    external_id: str | None
    row: dict[str, Any]
    citizen: dict[str, bytes | None]
    answer: dict[str, Any]
    kept: list[dict[str, Any]] = field(default_factory=list)


def prepare(
    request: InquiryIn, integrator_id: int, key: str | None, body: bytes, now: datetime, *, keep_cpr: bool = False
) -> Draft:
    """Make a draft of `request`; `body` is what was sent, for telling a repeated request from another.

    CPR numbers in text and attributes are replaced, the citizen's fields sealed. With `keep_cpr` those of the text are
    kept, sealed as well; of `key` nothing but its keyed hash, whatever an integrator made it of.
    """
    received_at = request.received_at or now
    text, kept = _kept(request.text) if keep_cpr else (redact(request.text)[0], [])
    inquiry_id = new_id(now)
    row = {
        "id": inquiry_id,
        "reference": reference_of(inquiry_id),
        "integrator_id": integrator_id,
        "external_id": request.external_id,
        "channel": str(request.channel),
        "municipality": request.municipality,
        "text": text,
        "attributes": _redacted(request.attributes or {}),
        "topic": request.topic,
        "topic_hint": request.topic_hint.model_dump() if request.topic_hint else None,
        "language": request.language,
        "priority": request.priority or 2,
        "priority_given": request.priority is not None,
        "received_at": received_at,
    }
    answer = {
        "id": str(inquiry_id),
        "reference": row["reference"],
        "state": str(State.RECEIVED),
        "topic": request.topic,
        "language": request.language,
        "priority": row["priority"],
        "municipality": request.municipality,
        "received_at": received_at.isoformat(),
        "links": links_of(inquiry_id),
    }
    citizen = sealed(request.citizen) if request.citizen else {}
    known_by = search_hash(key, "idempotency_key").hex() if key is not None else None
    return Draft(inquiry_id, integrator_id, known_by, body_hash(body), request.external_id, row, citizen, answer, kept)


def sealed(citizen: CitizenIn) -> dict[str, bytes | None]:
    """The citizen's columns. A phone number is kept as E.164 where it is one; all but the name is found by its hash."""
    phone, is_number = _phone(citizen.phone)
    fields = {
        "name": redact(citizen.name)[0] if citizen.name else None,
        "phone": phone,
        "email": redact(citizen.email)[0] if citizen.email else None,
        "cpr": citizen.cpr,
    }
    columns: dict[str, bytes | None] = {name: seal(value, name) if value else None for name, value in fields.items()}
    columns["phone_hash"] = search_hash(phone, "phone") if phone and is_number else None
    columns["email_hash"] = search_hash(subjects.email(fields["email"]), "email") if fields["email"] else None
    columns["cpr_hash"] = search_hash(subjects.cpr(citizen.cpr), "cpr") if citizen.cpr else None
    return columns


def _kept(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without CPR numbers, and these, each with its place among the text's tokens, those typed included."""
    redacted, found = redact(text)
    kept, at, passed = [], 0, 0
    for one in found:
        passed += text.count(TOKEN, at, one.start)
        sealed_number, number_hash = seal(one.text, "kept_cpr"), search_hash(subjects.cpr(one.number), "cpr")
        kept.append({"position": passed, "sealed": sealed_number.hex(), "number_hash": number_hash.hex()})
        at, passed = one.end, passed + 1
    return redacted, kept


def _phone(said: str | None) -> tuple[str | None, bool]:
    if not said:
        return None, False
    number = subjects.phone(said)
    return (number, True) if number else (redact(said)[0], False)  # `anonymous` and the like: nobody to ring back


def _redacted(value: Any) -> Any:
    """The same JSON value with CPR numbers replaced in every string and in every name of a member."""
    if isinstance(value, str):
        return redact(value)[0]
    if isinstance(value, list):
        return [_redacted(one) for one in value]
    if isinstance(value, dict):
        return {redact(str(name))[0]: _redacted(one) for name, one in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and redact(str(value))[1]:
        return redact(str(value))[0]
    return value
