"""Finds CPR numbers with letters in them: the health service's X-eCPR, and an O where a scanner saw a nought."""

import re
from collections.abc import Iterator

from hotline.privacy.cpr.context import Reading
from hotline.privacy.cpr.groups import JOIN
from hotline.privacy.cpr.number import is_day, number_of

# For people without a number: date, a digit, two letters, a digit.
_X_ECPR = re.compile(
    rf"(?<!\d)(\d\d){JOIN}(\d\d){JOIN}(\d\d){JOIN}(\d[a-z]{{2}}\d)(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_LOOKS_LIKE = str.maketrans("OoØøQDIil|!SsBZz", "0000001111155822")
_D = "[0-9OoØøQDIil|!SsBZz]"
_SURE = frozenset("0123456789OoØøQIil|")  # the others are misread so rarely that the word CPR must stand before
_MISREAD = re.compile(
    rf"(?<![^\W_])(?<!CPR])({_D}{{2}})({JOIN})({_D}{{2}})({JOIN})({_D}{{2}})({JOIN})({_D}{{4}})(?![^\W_]|\[CPR])"
)
_FEWEST_DIGITS = 7  # of the ten that must have been read as digits


def find(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten characters of every such number, from left to right and without overlap within a kind."""
    for match in _X_ECPR.finditer(reading.text):
        if is_day("".join(match.groups()[:3])):
            yield match.start(), match.end(), "".join(match.groups()).upper()
    for match in _MISREAD.finditer(reading.text):
        read = "".join(match.group(1, 3, 5, 7))
        number = number_of(read.translate(_LOOKS_LIKE))
        if number and number != read and sum(one.isdigit() for one in read) >= _FEWEST_DIGITS:
            dashed = match.group(2) == match.group(4) == "" and match.group(6).strip() != ""
            if (dashed and _SURE.issuperset(read)) or reading.says_cpr(match.start()):
                yield match.start(), match.end(), number
