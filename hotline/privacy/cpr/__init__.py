"""Finds CPR numbers in any text, however they are written or said, and takes them out.

A text is folded (folding.py), read once (groups.py, tokens.py, context.py) and looked through for numbers in digits,
with misread letters, in words and in two parts. Every step goes through the text once and looks a bounded way from
where it is, so that twice the text takes twice the time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from time import thread_time

from hotline.privacy.cpr import letters, parts, spoken, written
from hotline.privacy.cpr.context import Reading
from hotline.privacy.cpr.folding import fold
from hotline.privacy.cpr.tokens import counts_in

TOKEN = "[CPR]"  # what stands in a text where a number stood
_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 7  # of a number that is not said in words; most texts have fewer
_FEWEST = re.compile(rf"(?:\D*+\d){{{_FEWEST_DIGITS}}}")
# What folding leaves as it is wherever it stands: no quotes, which fall away beside a digit.
_PLAIN = re.compile(r"[\t\n\r !#$(),\-./0-9:;?@A-Z\[\]^a-z{|}æøåÆØÅäöüßÄÖÜé]*")
_PLAIN_WORDS = re.compile(r"[a-zæøåäöüßé]+|[0-9]+")
_PASSES = 4
_SECONDS = 1.0  # of the processor, after which the pass at work is the last


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
    four characters for the health service's X-eCPR. Nothing found does not mean that no number is there. Where taking
    numbers out lets more be seen, over and over, all digits that are left are taken for some: their own, any count.
    """
    if plainly_none(text):
        return []
    found: list[Found] = []
    begun = thread_time()
    for _ in range(_PASSES):
        more = _find_more(text, found, _find_once)
        if not more:
            return found
        found = sorted([*found, *more], key=lambda one: one.start)  # what stood beside a number may be one, too
        if thread_time() - begun > _SECONDS:
            break
    if _find_once(_without(text, found)):
        found = sorted([*found, *_find_more(text, found, _whatever_is_left)], key=lambda one: one.start)
    return found


def redact(text: str) -> tuple[str, list[Found]]:
    """The text with every number replaced by the token `[CPR]`, and what was found, positions in the original."""
    found = find(text)
    return _without(text, found), found


def _find_more(text: str, found: list[Found], look: Callable[[str], list[tuple[int, int, str]]]) -> list[Found]:
    """What `look` sees in the text without `found`, at its place in the text."""
    more, taken, shift = [], iter(found), 0
    left = next(taken, None)
    for start, end, number in look(_without(text, found)):
        while left and left.start + shift < start:
            shift += len(TOKEN) - (left.end - left.start)
            left = next(taken, None)
        more.append(Found(start - shift, end - shift, text[start - shift : end - shift], number))
    return more


def plainly_none(text: str) -> bool:
    """Whether a text has nothing to fold, few digits and no row of words for them: most have, and none holds a number.

    True only where the long way finds none, either; it is told some ten times sooner.
    """
    if not _PLAIN.fullmatch(text) or _FEWEST.match(text):
        return False
    lower = text.casefold()
    return not counts_in(_PLAIN_WORDS.findall(lower), lower)


def _find_once(text: str) -> list[tuple[int, int, str]]:
    return [] if plainly_none(text) else look_through(text)


def look_through(text: str) -> list[tuple[int, int, str]]:
    """What is found in one pass: start, end and number of each, from left to right and without overlap."""
    folded = fold(text)
    reading = Reading(folded.text)
    kinds = (written, letters, spoken, parts) if _may_hold_one(reading) else ()
    found: list[tuple[int, int, str]] = []
    every = chain.from_iterable(kind.find(reading) for kind in kinds)
    for start, end, number in sorted(every, key=lambda one: (one[0], -one[1])):
        begins, ends = folded.original(*_with_brackets(folded.text, start, end))
        if not found or begins >= found[-1][1]:
            found.append((begins, ends, number))
    return found


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a number begins and ends with the other bracket of one within it: "010165 (1237)"."""
    opened = text.count("(", start, end) - text.count(")", start, end)
    if opened == 1 and text[end : end + 1] == ")":
        return start, end + 1
    if opened == -1 and text[max(0, start - 1) : start] == "(":
        return start - 1, end
    return start, end


def _may_hold_one(reading: Reading) -> bool:
    """Whether there are as many digits, in figures or in words, as a number has at the least."""
    return len(_DIGIT.findall(reading.text)) >= _FEWEST_DIGITS or reading.counts


def _whatever_is_left(text: str) -> list[tuple[int, int, str]]:
    folded = fold(text)
    return [(*folded.original(said.start, said.end), said.digits) for said in Reading(folded.text).said if said.digits]


def _without(text: str, found: list[Found]) -> str:
    kept, last = [], 0
    for one in found:
        kept += [text[last : one.start], TOKEN]
        last = one.end
    return "".join([*kept, text[last:]])
