"""Finds CPR numbers in any text, however they are written or said, and takes them out."""

import re
from dataclasses import dataclass
from itertools import chain

from hotline.privacy import cpr_apart, cpr_letters, cpr_spoken, cpr_written

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
    kinds = _KINDS if len(_DIGIT.findall(text)) >= _FEWEST_DIGITS else (cpr_spoken,)
    every = chain.from_iterable(kind.find(text) for kind in kinds)
    found: list[Found] = []
    for start, end, number in sorted(every):
        if not found or start >= found[-1].end:
            found.append(Found(start, end, text[start:end], number))
    return found


def redact(text: str) -> tuple[str, list[Found]]:
    """The text with every number replaced by the token `[CPR]`, and what was found, positions in the original."""
    found = find(text)
    parts, last = [], 0
    for one in found:
        parts += [text[last : one.start], TOKEN]
        last = one.end
    return "".join([*parts, text[last:]]), found
