"""Finds CPR numbers said in words: "nul et nul et femogtres 12 syvogtredive", "den første januar femogtres ..."."""

from collections.abc import Iterator
from itertools import groupby

from hotline.privacy.cpr.context import Reading, is_clock, is_near
from hotline.privacy.cpr.number import number_of
from hotline.privacy.cpr.tokens import Said
from hotline.privacy.cpr.words import ARTICLES

_FEW, _TELEPHONE = 2, 8  # so few or so many digits may well follow a number in the same breath


def find(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten digits of every number said in words, from left to right and without overlap."""
    for run in reading.runs if reading.counts else ():
        if all(said.kind == "digits" for said in run):
            continue
        found = list(_of_run(reading, run))
        if found:
            yield from found
            continue
        for in_words, part in groupby(run, key=lambda said: said.kind == "cardinal"):
            if in_words:
                yield from _of_run(reading, list(part))


def _of_run(reading: Reading, run: list[Said]) -> Iterator[tuple[int, int, str]]:
    """The numbers of a run, each from where the last one ended, or from where a day is named."""
    at = 0
    while at < len(run):
        found = _from(reading, run, at)
        if found is not None:
            first, count, number = found
            at = first + count
            yield run[first].start, run[at - 1].end, number
            continue
        at = next((later for later in range(at + 1, len(run)) if _names_a_day(run, later)), len(run))


def _names_a_day(run: list[Said], at: int) -> bool:
    following = run[at + 1 : at + 2]
    return run[at].kind == "ordinal" or any(said.kind == "month" for said in following)


def _from(reading: Reading, run: list[Said], at: int) -> tuple[int, int, str] | None:
    """Where a number begins, how many words make it, and its ten digits; an article before it may be left aside.

    One that ends with the run comes first, then the one of more words.
    """
    said = reading.says_cpr(run[at].start)
    ways: list[tuple[bool, int, int, str]] = []
    for first in (at, at + 1) if run[at].word in ARTICLES else (at,):
        digits = ""
        for count, one in enumerate(run[first : first + 12], start=1):
            digits += one.digits
            if len(digits) in (10, 12):
                ways.append((first + count < len(run), first, -count, digits))
    for _, first, count, digits in sorted(ways):
        part, rest = run[first : first - count], run[first - count :]
        if all(each.kind == "digits" for each in part):
            continue
        number = number_of(digits, any_century=said or reading.speaks_of_birth(part[0].start, part[-1].end))
        if number and _fits(reading, part, rest, said):
            return first, -count, number
    return None


def _fits(reading: Reading, part: list[Said], rest: list[Said], said: bool) -> bool:
    """Whether the digits are a number: because they are said to be, or because nothing else is as likely."""
    four = part[-1]
    if four.kind == "digits" and len(four.digits) == 4 and reading.a_place_follows(four.end):
        return False
    if said:
        return True
    by_name = any(one.kind in ("month", "ordinal") for one in part)
    if by_name and reading.speaks_of_birth(part[0].start, four.end):
        return True
    if not by_name:
        left = sum(len(one.digits) for one in rest)
        in_words = all(one.kind == "cardinal" for one in part)
        return not rest or (in_words and not _FEW < left < _TELEPHONE)
    return not rest and not _an_appointment(reading, part)


def _an_appointment(reading: Reading, part: list[Said]) -> bool:
    """Whether a day with the month's name and four digits are rather a day and a time, a year or a sum."""
    digits, four = "".join(one.digits for one in part), part[-1]
    year, last = digits[4:-4], digits[-4:]
    if four.kind != "digits":
        return is_near(year) and is_clock(last)
    if reading.text[max(0, four.start - 2) : four.start].rstrip().endswith("-"):
        return is_near(year) or last[:2] in ("19", "20")
    return is_near(year) or len(year) == 4 or reading.an_amount_ends(four.end)
