"""prepare(): a valid request becomes a draft: cleaned, sealed, and all that a row needs."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import phonenumbers

from hotline.ids import new_id, reference_of
from hotline.intake.models import Channel, State
from hotline.intake.requests import CitizenIn, InquiryIn, links_of
from hotline.privacy.cpr import redact
from hotline.privacy.vault import seal, search_hash


@dataclass(frozen=True)
class Draft:
    """One inquiry to be stored: `row` and `citizen` are columns by name, `answer` is what will be told."""

    id: UUID
    integrator_id: int
    key: str | None
    body_hash: bytes
    external_id: str | None
    row: dict[str, Any]
    citizen: dict[str, bytes | None]
    answer: dict[str, Any]


def prepare(request: InquiryIn, integrator_id: int, key: str | None, body: bytes, now: datetime) -> Draft:
    """Make a draft of `request`; `body` is what was sent, for telling a repeated request from another.

    CPR numbers in text and attributes are replaced, the citizen's fields sealed.
    """
    received_at = request.received_at or now
    inquiry_id = new_id(now)
    row = {
        "id": inquiry_id,
        "reference": reference_of(inquiry_id),
        "integrator_id": integrator_id,
        "external_id": request.external_id,
        "channel": str(request.channel),
        "municipality": request.municipality,
        "text": redact(request.text)[0],
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
    citizen = sealed(request.citizen, request.channel) if request.citizen else {}
    return Draft(
        inquiry_id, integrator_id, key, hashlib.sha256(body).digest(), request.external_id, row, citizen, answer
    )


def sealed(citizen: CitizenIn, channel: Channel) -> dict[str, bytes | None]:
    """The citizen's columns. A phone number is kept as E.164 where it is one, and found again by its hash."""
    phone, is_number = _phone(citizen.phone)
    fields = {
        "name": redact(citizen.name)[0] if citizen.name else None,
        "phone": phone,
        "email": redact(citizen.email)[0] if citizen.email else None,
        "cpr": citizen.cpr,
    }
    columns: dict[str, bytes | None] = {name: seal(value, name) if value else None for name, value in fields.items()}
    columns["phone_hash"] = search_hash(phone, "phone") if phone and is_number and channel == Channel.PHONE else None
    return columns


def _phone(said: str | None) -> tuple[str | None, bool]:
    if not said:
        return None, False
    try:
        number = phonenumbers.parse(said, "DK")
    except phonenumbers.NumberParseException:
        return redact(said)[0], False  # `anonymous` and the like: nobody to ring back
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), True


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
