"""Takes CPR numbers out of what is to be stored, and knows where each stood, so that a false hit can be put back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.privacy import subjects
from hotline.privacy.cpr import TOKEN, Found, find, redact
from hotline.privacy.cpr.values import Leaf, find_in
from hotline.privacy.vault import seal, search_hash

TEXT = "text"
NOTE = "note:"  # and its id
MESSAGE = "message:"  # and its id
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
    return _without(text, find(text), place)


def take_out_of_attributes(value: Any) -> tuple[Any, list[Hit]]:
    """The same JSON value with the token for every CPR number in a string, a number or a member's name.

    One that is told in several strings or numbers is taken out of each. Those of names are not among the hits: they
    cannot be put back. Of two names that become the same, the second is told apart by a number behind it.
    """
    return _cleaned(value, iter(find_in(value)), "")


def _cleaned(value: Any, leaves: Iterator[Leaf], way: str) -> tuple[Any, list[Hit]]:
    if isinstance(value, list):
        items = [_cleaned(one, leaves, f"{way}/{at}") for at, one in enumerate(value)]
        return [clean for clean, _ in items], [hit for _, hits in items for hit in hits]
    if isinstance(value, dict):
        clean: dict[str, Any] = {}
        hits: list[Hit] = []
        for name, one in value.items():
            known_as = _unlike(redact(str(name))[0], clean)
            step = known_as.replace("~", "~0").replace("/", "~1")
            clean[known_as], more = _cleaned(one, leaves, f"{way}/{step}")
            hits += more
        return clean, hits
    leaf = next(leaves)
    return _without(leaf.text, leaf.found, ATTRIBUTES + way) if leaf.found else (value, [])


def _without(text: str, found: list[Found], place: str) -> tuple[str, list[Hit]]:
    parts: list[str] = []
    hits: list[Hit] = []
    at = passed = 0
    for one in found:
        passed += text.count(TOKEN, at, one.start)
        hits.append(Hit(place, passed, seal(one.text, "kept_cpr"), search_hash(subjects.cpr(one.number), "cpr")))
        parts += [text[at : one.start], TOKEN]
        at, passed = one.end, passed + 1
    return "".join([*parts, text[at:]]), hits


def put_back(text: str, token: int, words: str) -> str:
    """The text with its token number `token` (from 0) replaced by `words`. Raises LookupError where there is none."""
    parts = text.split(TOKEN)
    if token + 1 >= len(parts):
        raise LookupError(token)
    return TOKEN.join([*parts[:token], parts[token] + words + parts[token + 1], *parts[token + 2 :]])


def put_back_into_attributes(value: Any, place: str, token: int, words: str) -> Any:
    """The attributes with token number `token` of the string at `place` replaced. Raises LookupError as `put_back`.

    What was a number comes back as a string of its digits, with the nought that it had lost.
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
