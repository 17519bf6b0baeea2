"""Finds CPR numbers in any text, however they are written, and takes them out."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

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
    groups = _groups(text)
    found: list[Found] = []
    first = 0
    for at in range(len(groups)):
        if at < first:
            continue
        after = _match(text, groups, first, at)
        if after is not None:
            stop, number = after
            first = _first_group_from(groups, stop, at)
            start = groups[at].start
            found.append(Found(start, stop, text[start:stop], number))
    return found


def redact(text: str) -> tuple[str, list[Found]]:
    """The text with every number replaced by the token `[CPR]`, and what was found, positions in the original."""
    found = find(text)
    parts, last = [], 0
    for one in found:
        parts += [text[last : one.start], TOKEN]
        last = one.end
    return "".join([*parts, text[last:]]), found


@dataclass(frozen=True)
class _Group:
    """Digits that stand together; `before` is what joins them to the group on their left, None where nothing does."""

    start: int
    end: int
    digits: str
    before: str | None


_BLANK = "[ \t\u00a0\u2009\u202f]"
_JOIN = re.compile(f"{_BLANK}{{0,2}}[-./_\u2010-\u2015\u2212]{{0,2}}{_BLANK}{{0,2}}")
# Lengths of the groups of digits in which people write a number: day, month, year of two or four digits, serial number.
_SHAPES = (
    (10,), (12,), (6, 4), (8, 4), (6, 2, 2), (8, 2, 2), (2, 2, 6), (2, 2, 8),
    (2, 2, 2, 4), (2, 2, 4, 4), (2, 2, 2, 2, 2), (2, 2, 4, 2, 2), (1,) * 10,
)  # fmt: skip
_SAID_TO_BE_CPR = re.compile(r"(?<!\[)(?:cpr|c\.p\.r|person\s?-?n(?:umme)?r|pers\.?\s?nr)[^\d\n]{0,25}$", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?:reg\.?|konto|kto|iban|account)[^\d\n]{0,20}\d{4}[ .-]{1,3}$", re.IGNORECASE)
# The health service's X-eCPR, for people without a number: date, a digit, two letters, a digit.
_LETTERED = re.compile(
    rf"(\d\d){_JOIN.pattern}(\d\d){_JOIN.pattern}(\d\d){_JOIN.pattern}(\d[a-z]{{2}}\d)(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    for match in re.finditer(r"\d+", text):
        between = text[groups[-1].end : match.start()] if groups else ""
        joined = between if groups and _JOIN.fullmatch(between) else None
        # \d also matches the digits of other scripts, which immigrants' keyboards write.
        digits = "".join(str(unicodedata.digit(character)) for character in match.group())
        groups.append(_Group(match.start(), match.end(), digits, joined))
    return groups


def _first_group_from(groups: list[_Group], position: int, at: int) -> int:
    while at < len(groups) and groups[at].start < position:
        at += 1
    return at


def _match(text: str, groups: list[_Group], first: int, at: int) -> tuple[int, str] | None:
    """Where the number that begins with group `at` ends, and its ten characters; None where none begins."""
    here = groups[at]
    if text.startswith("+", max(0, here.start - 1), here.start):
        return None  # a telephone number with its country
    said = _SAID_TO_BE_CPR.search(text, max(0, here.start - 60), here.start) is not None
    for count in _counts(groups, at, said):
        part = groups[at : at + count]
        number = _number("".join(group.digits for group in part))
        if number is None or (not said and _something_else(text, groups, first, at, count)):
            continue
        return part[-1].end, number
    lettered = _LETTERED.match(text, here.start)
    if lettered and _date("".join(lettered.groups()[:3]), None):
        return lettered.end(), "".join(lettered.groups()).upper()
    return None


def _counts(groups: list[_Group], at: int, said: bool) -> list[int]:
    """How many groups from `at` on may make one number: known shapes, longest first; after the word CPR any."""
    shapes: list[int] = []
    others: list[int] = []
    lengths: tuple[int, ...] = ()
    for count, group in enumerate(groups[at : at + 10], start=1):
        if count > 1 and group.before is None:
            break
        lengths += (len(group.digits),)
        if lengths in _SHAPES:
            shapes.append(count)
        elif said and sum(lengths) == 10:
            others.append(count)
    return shapes[::-1] + others


def _something_else(text: str, groups: list[_Group], first: int, at: int, count: int) -> bool:
    """Digits of the right shape that mean another thing: a telephone number's end, a date with its time, an account."""
    part = groups[at : at + count]
    left, right = part[0], part[-1]
    if len(left.digits) <= 2:
        if at > first and left.before is not None and len(groups[at - 1].digits) == len(left.digits):
            return True
        if at > first and left.before is not None and text.startswith("+", max(0, groups[at - 1].start - 1)):
            return True
    following = groups[at + count] if at + count < len(groups) else None
    goes_on = following is not None and following.before is not None
    if following and goes_on and len(following.digits) == len(right.digits) <= 2:
        return True
    if count > 1 and len(right.digits) == 2:
        joins = [group.before for group in part[1:]]
        clock = int(part[-2].digits) < 24 and int(right.digits) < 60
        if clock and (right.before or "").strip() and len(set(joins)) > 1:
            return True  # "12.03.24 14.30"
    if count == 1 and at > first and left.before is not None:
        return _ACCOUNT.search(text, max(0, left.start - 60), left.start) is not None
    return False


def _number(digits: str) -> str | None:
    """Ten digits of a possible CPR number from ten, or from twelve with the year in full; None when it is none."""
    if len(digits) == 12:
        short = digits[:4] + digits[6:]
        return short if _date(short[:6], short[6]) and _century(short) == digits[4:6] else None
    return digits if len(digits) == 10 and _date(digits[:6], digits[6]) else None


def _century(number: str) -> str:
    """The first two digits of the year of birth, which the seventh digit tells. Modulus 11 tells nothing since 2007."""
    year, seventh = int(number[4:6]), int(number[6])
    if seventh <= 3:
        return "19"
    if seventh in (4, 9):
        return "20" if year <= 36 else "19"
    return "20" if year <= 57 else "18"


def _date(six: str, seventh: str | None) -> bool:
    """Whether DDMMYY is a day in the calendar; replacement numbers have 60 added to the day."""
    day, month, year = int(six[:2]), int(six[2:4]), six[4:]
    day -= 60 if day > 60 else 0
    centuries = ("19", "20") if seventh is None else (_century(six + seventh),)
    return any(_exists(int(century + year), month, day) for century in centuries)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
