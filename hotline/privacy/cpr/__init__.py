"""Finds CPR numbers in any text, however they are written or said, and takes them out."""

import re
from dataclasses import dataclass
from itertools import chain

from hotline.privacy.cpr import apart as cpr_apart
from hotline.privacy.cpr import letters as cpr_letters
from hotline.privacy.cpr import spoken as cpr_spoken
from hotline.privacy.cpr import written as cpr_written

_KINDS = (cpr_written, cpr_letters, cpr_spoken, cpr_apart)
_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 7  # of a number that is not said in words; most texts have fewer
TOKEN = "[CPR]"  # what stands in a text where a number stood


@dataclass(frozen=True)
class Found:
    """One CPR number in a text: where it stands, as it was written, and as the ten characters it means."""

    start: int
    end: int
    text: str
    number: str


def find(text: str) -> list[Found]:
    """All that looks like a CPR number, from left to right and without overlap.

    Comes in: any text. Goes out: the findings, positions in characters; `number` is ten digits, or six digits and
    four characters for the health service's X-eCPR. Nothing found does not mean that no number is there.
    """
    found: list[Found] = []
    while more := _find_more(text, found):  # what stood beside a number may be one, once that is taken out
        found = sorted([*found, *more], key=lambda one: one.start)
    return found


def redact(text: str) -> tuple[str, list[Found]]:
    """The text with every number replaced by the token `[CPR]`, and what was found, positions in the original."""
    found = find(text)
    return _without(text, found), found


def _find_more(text: str, found: list[Found]) -> list[Found]:
    """What is found in the text without `found`, at its place in the text."""
    more, taken, shift = [], iter(found), 0
    left = next(taken, None)
    for start, end, number in _find_once(_without(text, found)):
        while left and left.start + shift < start:
            shift += len(TOKEN) - (left.end - left.start)
            left = next(taken, None)
        more.append(Found(start - shift, end - shift, text[start - shift : end - shift], number))
    return more


def _find_once(text: str) -> list[tuple[int, int, str]]:
    kinds = _KINDS if len(_DIGIT.findall(text)) >= _FEWEST_DIGITS else (cpr_spoken,)
    every = chain.from_iterable(kind.find(text) for kind in kinds)
    found: list[tuple[int, int, str]] = []
    for one in sorted(every):
        if not found or one[0] >= found[-1][1]:
            found.append(one)
    return found


def _without(text: str, found: list[Found]) -> str:
    parts, last = [], 0
    for one in found:
        parts += [text[last : one.start], TOKEN]
        last = one.end
    return "".join([*parts, text[last:]])
