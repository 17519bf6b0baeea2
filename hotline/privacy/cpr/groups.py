"""The groups of digits in a folded text, and what joins one to the next: what people put between a number's parts."""

import re
from dataclasses import dataclass

_BLANK = r"[^\S\r\n]"
_DASH = "[-./_]"
_LINE = rf"{_BLANK}{{0,2}}\r?\n[> ]{{0,6}}"  # a line's end, and the mark of a quoted mail
JOIN = rf"(?:{_BLANK}{{0,2}}{_DASH}{{0,3}}{_BLANK}{{0,2}})"
_SAID_DASH = rf"{_BLANK}{{0,2}},?{_BLANK}?(?:(?:binde)?streg|tankestreg|minus|dash|hyphen|bindestrich),?{_BLANK}{{0,2}}"
_USUAL = re.compile(
    f"{JOIN}|{_DASH}{_LINE}|{_LINE}{_DASH}{_BLANK}?|{_SAID_DASH}|[)\\]]{_BLANK}?[-./]{_BLANK}?[(\\[]", re.IGNORECASE
)
_SIGNED = re.compile(rf"[:;,|*=]|{_BLANK}[x*|]{_BLANK}")
_WRAPPED = re.compile(_LINE)
_LOOSE = re.compile(
    rf"{_BLANK}{{0,2}}(?:[^\w\r\n]{{0,5}}|,?{_BLANK}?(?:og|and|und|så|og så))[^\w\r\n]?{_BLANK}{{0,2}}|{_LINE}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+", re.ASCII)
_FARTHEST = 20  # characters between two groups that have to do with each other


@dataclass(frozen=True)
class Group:
    """Digits that stand together.

    `before` is what joins them to the group on their left, None where nothing usual does; `wrapped` when only a line's
    end stands between; `signed` when a sign that also separates other things does; `loose` when what stands between
    would do after the word CPR.
    """

    start: int
    end: int
    digits: str
    before: str | None = None
    wrapped: bool = False
    loose: bool = False
    signed: bool = False


def groups_of(text: str) -> list[Group]:
    """All digits of the text in groups, from left to right."""
    groups: list[Group] = []
    last = -_FARTHEST
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        if start - last > _FARTHEST or not groups:
            groups.append(Group(start, end, match.group()))
        else:
            between = text[last:start]
            before = between if _USUAL.fullmatch(between) else None
            kinds = (bool(kind.fullmatch(between)) for kind in (_WRAPPED, _LOOSE, _SIGNED))
            groups.append(Group(start, end, match.group(), before, *kinds))
        last = end
    return groups
