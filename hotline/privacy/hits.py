"""Takes CPR numbers out of what is to be stored, and knows where each stood, so that a false hit can be put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hotline.privacy import subjects
from hotline.privacy.cpr import TOKEN, redact
from hotline.privacy.vault import seal, search_hash

TEXT = "text"
NOTE = "note:"  # and its id
ATTRIBUTES = "attributes:"  # and the way to the string, as a JSON pointer (RFC 6901)


@dataclass(frozen=True)
class Hit:
    """A number that was taken out: where it stood, itself sealed as it was written, and its keyed hash.

    `position` counts the tokens of that one string from 0, those included that somebody typed.
    """

    place: str
    position: int
    sealed: bytes
    number_hash: bytes


def take_out(text: str, place: str) -> tuple[str, list[Hit]]:
    """The text of this place with the token for every CPR number, and these."""
    redacted, found = redact(text)
    hits, at, passed = [], 0, 0
    for one in found:
        passed += text.count(TOKEN, at, one.start)
        hits.append(Hit(place, passed, seal(one.text, "kept_cpr"), search_hash(subjects.cpr(one.number), "cpr")))
        at, passed = one.end, passed + 1
    return redacted, hits


def take_out_of_attributes(value: Any, way: str = "") -> tuple[Any, list[Hit]]:
    """The same JSON value with the token for every CPR number in a string, a whole number or a member's name.

    Those of names are not among the hits: they cannot be put back. Of two names that become the same, the second is
    told apart by a number behind it.
    """
    if isinstance(value, list):
        items = [take_out_of_attributes(one, f"{way}/{at}") for at, one in enumerate(value)]
        return [clean for clean, _ in items], [hit for _, hits in items for hit in hits]
    if isinstance(value, dict):
        clean: dict[str, Any] = {}
        hits: list[Hit] = []
        for name, one in value.items():
            known_as = _unlike(redact(str(name))[0], clean)
            step = known_as.replace("~", "~0").replace("/", "~1")
            clean[known_as], more = take_out_of_attributes(one, f"{way}/{step}")
            hits += more
        return clean, hits
    if isinstance(value, str):
        return take_out(value, ATTRIBUTES + way)
    if isinstance(value, int) and not isinstance(value, bool):
        digits = str(value).zfill(10)  # a number of JSON has no leading nought, a CPR number may
        redacted, hits = take_out(digits, ATTRIBUTES + way)
        return (redacted, hits) if redacted == TOKEN else (value, [])
    return value, []


def put_back(text: str, token: int, words: str) -> str:
    """The text with its token number `token` (from 0) replaced by `words`. Raises LookupError where there is none."""
    parts = text.split(TOKEN)
    if token + 1 >= len(parts):
        raise LookupError(token)
    return TOKEN.join([*parts[:token], parts[token] + words + parts[token + 1], *parts[token + 2 :]])


def put_back_into_attributes(value: Any, place: str, token: int, words: str) -> Any:
    """The attributes with token number `token` of the string at `place` replaced. Raises LookupError as `put_back`.

    What was a whole number comes back as a string of ten digits.
    """
    steps = place.removeprefix(ATTRIBUTES).split("/")[1:]
    return _replaced(value, [step.replace("~1", "/").replace("~0", "~") for step in steps], token, words)


def _replaced(value: Any, way: Sequence[str], token: int, words: str) -> Any:
    if not way and isinstance(value, str):
        return put_back(value, token, words)
    if way and isinstance(value, dict) and way[0] in value:
        return value | {way[0]: _replaced(value[way[0]], way[1:], token, words)}
    if way and isinstance(value, list) and way[0].isdecimal() and int(way[0]) < len(value):
        here = int(way[0])
        return [*value[:here], _replaced(value[here], way[1:], token, words), *value[here + 1 :]]
    raise LookupError(token)


def _unlike(name: str, others: dict[str, Any]) -> str:
    number, chosen = 1, name
    while chosen in others:
        number += 1
        chosen = f"{name} {number}"
    return chosen
