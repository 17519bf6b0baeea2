"""Finds CPR numbers with letters in them: the health service's X-eCPR, and an O where a scanner saw a nought."""

import re
from collections.abc import Iterator

from hotline.privacy.cpr.context import cpr_words, said_to_be_cpr
from hotline.privacy.cpr.groups import JOIN
from hotline.privacy.cpr.number import is_day, number_of

# For people without a number: date, a digit, two letters, a digit.
_X_ECPR = re.compile(
    rf"(?<!\d)(\d\d){JOIN}(\d\d){JOIN}(\d\d){JOIN}(\d[a-z]{{2}}\d)(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_LOOKS_LIKE = str.maketrans("OoØøQIil|", "000001111")
_D = "[0-9OoØøQIil|]"
_MISREAD = re.compile(
    rf"(?<![^\W_])(?<!CPR])({_D}{{2}})({JOIN})({_D}{{2}})({JOIN})({_D}{{2}})({JOIN})({_D}{{4}})(?![^\W_]|\[CPR])"
)
_FEWEST_DIGITS = 7  # of the ten that must have been read as digits


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten characters of every such number, from left to right and without overlap within a kind."""
    for match in _X_ECPR.finditer(text):
        if is_day("".join(match.groups()[:3])):
            yield match.start(), match.end(), "".join(match.groups()).upper()
    for match in _MISREAD.finditer(text):
        read = "".join(match.group(1, 3, 5, 7))
        number = number_of(read.translate(_LOOKS_LIKE))
        if number and number != read and sum(one.isdigit() for one in read) >= _FEWEST_DIGITS:
            dashed = match.group(2) == match.group(4) == "" and match.group(6).strip() != ""
            if dashed or said_to_be_cpr(text, cpr_words(text), match.start()):
                yield match.start(), match.end(), number
