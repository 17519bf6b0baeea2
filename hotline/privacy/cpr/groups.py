"""The groups of digits in a text, and what joins one to the next: what people put between the parts of a number."""

import re
import unicodedata
from dataclasses import dataclass

_BLANK = r"[^\S\r\n]"
_DASH = "[-./_\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
_LINE = rf"{_BLANK}?\r?\n[> ]{{0,4}}"  # a line's end, and the mark of a quoted mail
JOIN = rf"(?:{_BLANK}{{0,2}}{_DASH}{{0,3}}{_BLANK}{{0,2}})"
_SAID_DASH = rf"{_BLANK}{{0,2}}(?:(?:binde)?streg|dash|hyphen|bindestrich){_BLANK}{{0,2}}"
_USUAL = re.compile(f"{JOIN}|{_DASH}{_LINE}|{_LINE}{_DASH}{_BLANK}?|{_SAID_DASH}", re.IGNORECASE)
_WRAPPED = re.compile(_LINE)
_LOOSE = re.compile(
    rf"{_BLANK}{{0,2}}(?:[^\w\r\n]{{0,5}}|minus|og|and|und){_BLANK}{{0,2}}|{_LINE}",
    re.IGNORECASE,
)
# Soft hyphens, zero-width characters, marks of direction and the boxes of emoji, which are no part of a digit.
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\u20e3\ufeff"
_ESCAPED = "%(?:C2%A0|E2%80%[89A][0-9A-F]|0[9AD]|2[02-9A-F]|3[A-F]|40|5[B-E]|7[B-E])|&(?:#[0-9]{1,5}|[a-z]{2,8});"
_ESCAPED_DASH = re.compile(
    "%2[DEF]|%E2%80%9[0-5]|&(?:ndash|mdash|hyphen|minus|shy|#82(?:0[89]|1[0-3]));", re.IGNORECASE
)
_ESCAPED_SIGN = re.compile(_ESCAPED, re.IGNORECASE)
_UNSEEN_SIGN = re.compile(f"[{_UNSEEN}]")
_DIGITS = re.compile(rf"\d(?:[{_UNSEEN}]*\d)*")
_DIGITS_OR_ESCAPED = re.compile(rf"({_ESCAPED})|{_DIGITS.pattern}", re.IGNORECASE)


@dataclass(frozen=True)
class Group:
    """Digits that stand together.

    `before` is what joins them to the group on their left, None where nothing usual does; `wrapped` when only a line's
    end stands between; `loose` when what stands between would do after the word CPR.
    """

    start: int
    end: int
    digits: str
    before: str | None = None
    wrapped: bool = False
    loose: bool = False


def groups_of(text: str) -> list[Group]:
    """All digits of the text, of any script, in groups from left to right; escapes of URLs and HTML are no digits."""
    groups: list[Group] = []
    escaped = "%" in text or "&" in text
    for match in (_DIGITS_OR_ESCAPED if escaped else _DIGITS).finditer(text):
        if escaped and match[1]:
            continue
        # \d also matches the digits of other scripts, which immigrants' keyboards write.
        digits = "".join(str(unicodedata.digit(one)) for one in match.group() if one.isdecimal())
        last = groups[-1].end if groups else None
        between = None if last is None or match.start() - last > 40 else _plain(text[last : match.start()])
        if between is None:
            groups.append(Group(match.start(), match.end(), digits))
        else:
            before = between if _USUAL.fullmatch(between) else None
            wrapped, loose = bool(_WRAPPED.fullmatch(between)), bool(_LOOSE.fullmatch(between))
            groups.append(Group(match.start(), match.end(), digits, before, wrapped, loose))
    return groups


def _plain(between: str) -> str:
    """What a reader sees there."""
    between = _ESCAPED_SIGN.sub(" ", _ESCAPED_DASH.sub("-", between)) if "%" in between or "&" in between else between
    return _UNSEEN_SIGN.sub("", between)
