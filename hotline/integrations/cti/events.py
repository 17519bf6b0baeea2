"""parse(): what an exchange sends in any of the usual spellings becomes a call event."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from hotline.errors import Invalid
from hotline.integrations.cti.numbers import number
from hotline.web.errors import BrokenRequest

LONGEST = 150  # characters of a value
MOST = 50  # values
KNOWN = ("event", "callid", "from", "to", "direction", "user", "caller", "answeringnumber", "cause")


class Kind(StrEnum):
    """What happened to the call, in the exchanges' own words."""

    NEW_CALL = "newCall"
    ANSWER = "answer"
    HANGUP = "hangup"


# A direction that is left out is that of the number that was called: a citizen rings no other one of ours.
INBOUND = frozenset({"", "in", "inbound", "incoming"})


@dataclass(frozen=True)
class CallEvent:
    """What an exchange tells of one of its calls.

    `caller` is E.164, or empty where it is withheld or no number that somebody can have. `answered_by` are the words
    for who answered, the surest first. A call that is `forwarded` goes on somewhere else.
    """

    kind: Kind
    call_id: str
    caller: str
    called: str
    inbound: bool
    answered_by: tuple[str, ...] = ()
    forwarded: bool = False


def parse(pairs: Iterable[tuple[str, Any]]) -> CallEvent | None:
    """The event of these names and values; None where it is none of the three that matter here.

    Names that are not known are passed over. Raises Invalid where the event or the call's id is missing, or a value is
    neither a word nor a number.
    """
    said = _words(pairs)
    kinds = {str(kind).lower(): kind for kind in Kind}
    kind = kinds.get(_one(said, "event").lower())
    call_id = _one(said, "callid")
    wrong = [name for name, there in (("event", _one(said, "event")), ("callId", call_id)) if not there]
    if wrong:
        raise Invalid(errors=[{"detail": "it is missing", "pointer": f"#/{name}"} for name in wrong])
    if kind is None:
        return None
    caller = number(_one(said, "from"))
    answered_by = (*said["answeringnumber"], *said["user"], *said["caller"])
    return CallEvent(
        kind=kind,
        call_id=call_id,
        caller=caller if caller.startswith("+") else "",
        called=number(_one(said, "to")),
        inbound=_one(said, "direction").lower() in INBOUND,
        answered_by=answered_by if kind is Kind.ANSWER else (),
        forwarded=_one(said, "cause").lower() == "forwarded",
    )


def members(body: bytes) -> Iterator[tuple[str, Any]]:
    """The members of a JSON object, those of a list one by one. Raises BrokenRequest or Invalid where it is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise BrokenRequest("the body is no JSON") from None
    if not isinstance(said, dict):
        raise Invalid("the body is no JSON object")
    return ((name, one) for name, value in said.items() for one in (value if isinstance(value, list) else [value]))


def _words(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    """Words by name, whichever way that is written: `callId` as `call_id`, `user[]` as `user`."""
    said: dict[str, list[str]] = {name: [] for name in KNOWN}
    for name, value in islice(pairs, MOST):
        if (known := re.sub(r"[_\[\]]", "", name).lower()) in KNOWN:
            word = _word(value)
            if word is None or len(word) > LONGEST:
                raise Invalid("a value is too long, or neither a word nor a number")
            said[known] += filter(None, [word])
    return said


def _word(value: Any) -> str | None:
    """A number of JSON as its digits; nothing for null, and nothing of what no database stores."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if value is None or isinstance(value, bool) or not isinstance(value, str | int):
        return "" if value is None else None
    return str(value).replace("\0", "").encode(errors="ignore").decode().strip()


def _one(said: Mapping[str, list[str]], name: str) -> str:
    return said[name][0] if said[name] else ""
