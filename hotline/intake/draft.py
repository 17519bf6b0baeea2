"""prepare(): a valid request becomes a draft: cleaned, sealed, and all that a row needs."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from hotline.ids import new_id, reference_of
from hotline.inquiries.links import links_of
from hotline.inquiries.models import USUAL_PRIORITY
from hotline.inquiries.states import State
from hotline.intake.requests import CitizenIn, InquiryIn
from hotline.privacy import subjects
from hotline.privacy.cpr import redact
from hotline.privacy.hits import TEXT, Hit, take_out, take_out_of_attributes
from hotline.privacy.marks import marked
from hotline.privacy.ring import KeyRing
from hotline.privacy.vault import body_hash, key_ring, seal, search_hash

MEMBERS = TypeAdapter(dict[str, Any])
DIGITS = 400  # of a number in a body that is compared
CLOCKS_ARE_SET = datetime(1990, 1, 1, tzinfo=UTC)  # no mail is older; a clock without battery begins in 1970 or 1980


class Answer(NamedTuple):
    """What an integrator is told of its inquiry: where it is, and the JSON text."""

    location: str
    body: bytes

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Answer":
        """The answer with these members; the same members give the same text."""
        return cls(told["links"]["self"], MEMBERS.dump_json(told))


@dataclass(frozen=True)
class Draft:
    """One inquiry to be stored: `row` and `citizen` are columns by name, `answer` is what will be told.

    `row` also holds `redial_seconds` (see prepare). `kept` are rows of kept_cpr by column, bytes in hex.
    """

    id: UUID
    integrator_id: int
    key: str | None
    body_hash: bytes
    external_id: str | None
    row: dict[str, Any]
    citizen: dict[str, bytes | None]
    answer: Answer
    kept: list[dict[str, Any]] = field(default_factory=list)


def prepare(
    request: InquiryIn,
    integrator_id: int,
    key: str | None,
    body: bytes,
    now: datetime,
    *,
    keep_cpr: bool = False,
    redial_seconds: int = 0,
    outside: bool = False,
    nobody_there: bool = False,
) -> Draft:
    """Make a draft of `request`; `body` is what was sent, for telling a repeated request from another.

    CPR numbers in text and attributes are replaced and sealed like the citizen's fields, to be shown to the agent where
    `keep_cpr` says so, else only to be put back for a while where they were none. Of `key` nothing is kept but its
    keyed hash, whatever an integrator made it of. A call takes the place of one by the same number that was abandoned
    less than `redial_seconds` ago. `outside` is whether the citizen's municipality takes no part.
    `nobody_there` is whether nobody on duty could take it: then a call-back is offered.
    """
    received_at = _arrival(request.received_at, now)
    text, hits = take_out(request.text, TEXT)
    attributes, more = take_out_of_attributes(request.attributes) if request.attributes else ({}, [])
    external_id = marked(request.external_id) if request.external_id is not None else None
    inquiry_id = new_id(now)
    row = {
        "id": inquiry_id,
        "reference": reference_of(inquiry_id),
        "integrator_id": integrator_id,
        "external_id": external_id,
        "channel": str(request.channel),
        "municipality": request.municipality,
        "text": text,
        "attributes": attributes,
        "topic": request.topic,
        "topic_hint": request.topic_hint.model_dump() if request.topic_hint else None,
        "language": request.language,
        "priority": request.priority or USUAL_PRIORITY,
        "priority_given": request.priority is not None,
        "received_at": received_at,
        "outside": outside,
        "redial_seconds": redial_seconds,
    }
    told = {
        "id": str(inquiry_id),
        "reference": row["reference"],
        "state": str(State.RECEIVED),
        "topic": request.topic,
        "language": request.language,
        "priority": row["priority"],
        "municipality": request.municipality,
        "received_at": _told(received_at),
        "callback": nobody_there,
        "links": links_of(inquiry_id),
    }
    ring = key_ring()
    citizen = sealed(request.citizen, ring) if request.citizen else {}
    known_by = search_hash(key, "idempotency_key", ring).hex() if key is not None else None
    sent = b"" if key is None else _same_however_written(body)
    kept = _rows(hits + more, keep_cpr)
    return Draft(
        inquiry_id, integrator_id, known_by, body_hash(sent, ring), external_id, row, citizen, Answer.of(told), kept
    )


def _same_however_written(body: bytes) -> bytes:
    """The same bytes for JSON that says the same: spaces, the order of members and how a letter is written are free.

    Of the numbers, too: 1 and 1.0 are one.
    """
    said = json.loads(body, parse_float=_number, parse_int=_number)
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _number(said: str) -> float | int | str:
    """One of very many digits stays as it is written: Python reads none of more than some thousand."""
    if said.lstrip("-").isdecimal():
        return int(said) if len(said) <= DIGITS else said
    number = float(said)
    return int(number) if number.is_integer() else number


def sealed(citizen: CitizenIn, ring: KeyRing | None = None) -> dict[str, bytes | None]:
    """The citizen's columns. Phone number and mail address are found by the hash of what they are, however written."""
    ring = ring or key_ring()
    phone, email = citizen.phone or "", subjects.address(citizen.email or "")
    number, known_as = subjects.phone(phone), subjects.email(email)
    shown = subjects.shown_phone(phone, number)
    fields = {
        "name": redact(citizen.name)[0] if citizen.name else None,
        "phone": shown if shown == number else redact(phone)[0],
        "email": redact(email)[0],
        "cpr": citizen.cpr,
    }
    columns: dict[str, bytes | None] = {
        name: seal(value, name, ring) if value else None for name, value in fields.items()
    }
    columns["phone_hash"] = search_hash(number, "phone", ring) if number else None
    columns["email_hash"] = search_hash(known_as, "email", ring) if known_as else None
    columns["cpr_hash"] = search_hash(subjects.cpr(citizen.cpr), "cpr", ring) if citizen.cpr else None
    return columns


def _rows(hits: list[Hit], may_reveal: bool) -> list[dict[str, Any]]:
    return [
        {
            "n": n,
            "place": hit.place,
            "position": hit.position,
            "sealed": hit.sealed.hex(),
            "number_hash": hit.number_hash.hex(),
            "may_reveal": may_reveal,
        }
        for n, hit in enumerate(hits, start=1)
    ]


def _arrival(said: datetime | None, now: datetime) -> datetime:
    """When it came in; now where that would be later, or so early that the clock which said it was never set."""
    return said if said is not None and CLOCKS_ARE_SET < said <= now else now


def _told(moment: datetime) -> str:
    """The moment in UTC, as every later answer tells it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
