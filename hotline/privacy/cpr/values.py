"""Finds CPR numbers in a JSON value: in each string and number, with what the members' names say, and over several."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hotline.privacy.cpr import Found, find
from hotline.privacy.cpr.context import is_clock, is_near
from hotline.privacy.cpr.number import number_of

_NAMES_CPR = re.compile(r"(?i)cpr|person.{0,5}n(?:umme|umbe|r)|civil.?reg|\bssn|f(?:ø|oe)dsels.?n|national.?id")
_NAMES_BIRTH = re.compile(r"(?i)birth|born|f(?:ø|oe)dsel|f(?:ø|oe)dt|\bdob\b|fdato|gebor|geburt")
_NAMES_LAST = re.compile(r"(?i)last.?(?:4|four)|sidste|suffix|serial|l(?:ø|oe)be|kontrol|control|check|four|fire")
_NAMES_OTHER = re.compile(
    r"(?i)post|zip|tid|time|kl|year|år|amount|bel(?:ø|oe)b|pris|price|room|rum|lokal|ext|pin|kode|code|hus|house|count|antal"
    r"|kr|dkk|slut|^end|^til|^to$|phone|tlf"
)
_DAY = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d\d)|(\d{4})-(\d\d)-(\d\d)(?:T00:00.*)?", re.ASCII)
_SHAPES = ((6, 4), (8, 4), (2, 2, 2, 4), (2, 2, 4, 4), (6, 2, 2), (1,) * 10)
_SHORTEST = 9  # characters of a number


@dataclass
class Leaf:
    """A string or number of a JSON value, as it is looked at (a number with the noughts it may have lost), and its
    findings there; `name` is that of the member it stands in."""

    name: str
    value: Any
    text: str
    found: list[Found] = field(default_factory=list)

    def take(self, start: int, end: int, number: str) -> None:
        """Put what stands there to the findings, unless some of it is among them."""
        start, end = max(0, start), min(len(self.text), end)
        free = all(end <= one.start or one.end <= start for one in self.found)
        whole = isinstance(self.value, str) or (start, end) == (0, len(self.text))
        if start < end and free and whole:
            self.found = sorted([*self.found, Found(start, end, self.text[start:end], number)], key=lambda f: f.start)


def find_in(value: Any) -> list[Leaf]:
    """Every string, number and other end of the value in its order, with the CPR numbers in it.

    A number that is told in two or more of them, as a day of birth and the last four, is a finding in each.
    """
    leaves = list(_leaves(value, ""))
    _in_all(leaves)
    for leaf in leaves:
        if len(leaf.text) >= _SHORTEST:
            for one in find(leaf.text):
                leaf.take(one.start, one.end, one.number)
    _side_by_side(leaves)
    return leaves


def _leaves(value: Any, name: str) -> Iterator[Leaf]:
    if isinstance(value, dict):
        for known_as, one in value.items():
            yield from _leaves(one, str(known_as))
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, name)
    else:
        yield Leaf(name, value, _shown(value, name))


def _shown(value: Any, name: str) -> str:
    """A number of JSON has no leading nought, and may have been through a spreadsheet; a CPR number and a day may."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15 or value != int(value):
        return ""
    digits = str(int(value))
    if len(digits) < 4:
        return digits.zfill(4) if _NAMES_LAST.search(name) else digits
    return digits.zfill(len(digits) + len(digits) % 2)


def _in_all(leaves: list[Leaf]) -> None:
    """Look at all of them as one text, each after its member's name."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for leaf in leaves:
        name = re.sub(r"\d", "", leaf.name.replace("4", " fire "))
        before = f", {name} {'cpr' if _NAMES_CPR.search(leaf.name) else ''}: "
        starts.append(length + len(before))
        parts += [before, leaf.text]
        length += len(before) + len(leaf.text)
    at = 0
    for one in find("".join(parts)):
        while at + 1 < len(leaves) and starts[at] + len(leaves[at].text) <= one.start:
            at += 1
        for beside in range(at, len(leaves)):
            if starts[beside] >= one.end:
                break
            leaves[beside].take(one.start - starts[beside], one.end - starts[beside], one.number)


def _side_by_side(leaves: list[Leaf]) -> None:
    """A day and four digits as neighbours, and digits alone that have the shape of a number together."""
    for left, right in pairwise(leaves):
        for day, four in ((left, right), (right, left)):
            digits, last = _day(day.text), four.text.strip()
            if not digits or not re.fullmatch(r"\d{4}", last, re.ASCII) or _NAMES_OTHER.search(four.name):
                continue
            number = number_of(digits + last, any_century=True)
            if number and (_NAMES_BIRTH.search(day.name) or _NAMES_CPR.search(day.name + four.name)):
                day.take(0, len(day.text), number)
                four.take(0, len(four.text), number)
    for at in range(len(leaves)):
        for shape in _SHAPES:
            part = leaves[at : at + len(shape)]
            texts = [leaf.text.strip() for leaf in part]
            if tuple(map(len, texts)) != shape or not all(one.isdecimal() and one.isascii() for one in texts):
                continue
            digits, last = "".join(texts), "".join(texts)[-4:]
            appointment = is_near(digits[4:-4]) and is_clock(last)
            number = number_of(digits)
            if number and not appointment and not any(_NAMES_OTHER.search(leaf.name) for leaf in part):
                for leaf in part:
                    leaf.take(0, len(leaf.text), number)


def _day(text: str) -> str | None:
    """DDMMYY or DDMMYYYY of a text that is a day alone."""
    said = text.strip()
    if re.fullmatch(r"\d{6}|\d{8}", said, re.ASCII):
        return said
    match = _DAY.fullmatch(said)
    if match is None:
        return None
    day, month, year, iso_year, iso_month, iso_day = match.groups()
    return f"{iso_day}{iso_month}{iso_year}" if iso_year else day.zfill(2) + month.zfill(2) + year
