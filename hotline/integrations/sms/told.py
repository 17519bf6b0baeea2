"""told(): what a gateway posts, as one of three things that it may tell; anything else is passed over."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from hotline.errors import Invalid
from hotline.privacy import subjects

OURS = re.compile(r"hotline-([0-9]{1,18})")
WORDS = re.compile(r"[A-Za-z_ .:-]{1,60}")  # of a reason; one with digits might name a citizen


@dataclass(frozen=True)
class Came:
    """A citizen has written; `known_by` is the same however often the gateway tells of it."""

    known_by: str
    number: str
    words: str


@dataclass(frozen=True)
class Arrived:
    """Our message of this number has reached the telephone."""

    message_id: int


@dataclass(frozen=True)
class Failed:
    """Our message of this number will not."""

    message_id: int
    why: str


def our_id(message_id: int) -> str:
    """Under which message number `message_id` is handed to a gateway, however often."""
    return f"hotline-{message_id}"


def told(body: bytes) -> Came | Arrived | Failed | None:
    """What this body tells. Raises Invalid for one that is no event of a gateway."""
    try:
        event = json.loads(body)
        kind, payload = event["event"], event["payload"]
        said = {name: str(payload.get(name) or "") for name in ("phoneNumber", "message", "messageId", "receivedAt")}
        why = reason if WORDS.fullmatch(reason := str(payload.get("reason"))) and payload.get("reason") else "failed"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Invalid("an event says `event` and `payload`, as JSON") from None
    match kind:
        case "sms:received":
            return _came(event, said)
        case "sms:delivered" | "sms:failed":
            number = OURS.fullmatch(said["messageId"])
            if number is None:
                return None
            return Arrived(int(number[1])) if kind == "sms:delivered" else Failed(int(number[1]), why)
    return None


def _came(event: dict[str, Any], said: dict[str, str]) -> Came | None:
    """None for a word without words. A number that nobody can answer, of a firm that writes its name, stays what it
    was written as."""
    words = said["message"].replace("\0", "").strip()
    if not words:
        return None
    parts = (said["phoneNumber"], said["receivedAt"], words)
    known_by = str(event.get("id") or hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest())
    return Came(known_by, subjects.phone(said["phoneNumber"]) or said["phoneNumber"][:50], words)
