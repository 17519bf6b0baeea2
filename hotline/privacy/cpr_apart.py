"""Finds CPR numbers told in two parts: the day of birth, and somewhere after it "the last four"."""

import re
from collections.abc import Iterator

from hotline.privacy.cpr_context import speaks_of_birth
from hotline.privacy.cpr_groups import JOIN
from hotline.privacy.cpr_number import number_of

_LAST_FOUR = r"(?:sidste\s(?:fire|4)|(?:fire|4)\ssidste|last\s(?:four|4)|letzten\s(?:vier|4)|løbenummer|kontrolcifre)"
_APART = re.compile(
    rf"(?<!\d)(\d\d){JOIN}(\d\d){JOIN}(\d{{4}}|\d\d)(?!\d)[^\d\[]{{0,60}}{_LAST_FOUR}[^\d\[]{{0,40}}(\d{{4}})(?!\d)",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten digits of every such number; the finding reaches from the day of birth to the last four."""
    for match in _APART.finditer(text):
        number = number_of("".join(str(int(one)) for one in "".join(match.groups())), any_century=True)
        if number and speaks_of_birth(text, match.start(), match.end()):
            yield match.start(), match.end(), number
