"""Finds CPR numbers told in two parts: the day of birth, and after it "the last four"; also with the month's name."""

import re
from collections.abc import Iterator

from hotline.privacy.cpr.context import a_place_follows, cpr_words, said_to_be_cpr, speaks_of_birth
from hotline.privacy.cpr.groups import JOIN
from hotline.privacy.cpr.number import number_of

_MONTHS = (("jan",), ("feb",), ("mar", "mär"), ("apr",), ("maj", "mai", "may"), ("jun",), ("jul",), ("aug",), ("sep",),
           ("okt", "oct"), ("nov",), ("dec", "dez"))  # fmt: skip
_MONTH = {name: f"{month:02}" for month, names in enumerate(_MONTHS, start=1) for name in names}
_LAST_FOUR = r"(?:sidste\s(?:fire|4)|(?:fire|4)\ssidste|last\s(?:four|4)|letzten\s(?:vier|4)|løbenummer|kontrolcifre)"
_APART = re.compile(
    rf"(?<!\d)(?:(\d\d){JOIN}(\d\d){JOIN}|(\d\d?)\.?\s({'|'.join(_MONTH)})[a-z]{{0,6}}\.?\s)(\d{{4}}|\d\d)(?!\d)"
    rf"(?:[^\d\[]{{0,60}}{_LAST_FOUR}[^\d\[]{{0,40}}|({JOIN}|,\s))(\d{{4}})(?!\d)",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten digits of every such number; the finding reaches from the day of birth to the last four."""
    words = cpr_words(text)
    for match in _APART.finditer(text):
        day, month, day_before_name, name, year, joined, serial = match.groups()
        if name:
            day, month = day_before_name.zfill(2), _MONTH[name.lower()]
        if joined is not None and (not name or a_place_follows(text, match.end())):
            continue  # of digits alone cpr_written.py knows more
        digits = "".join(str(int(one)) for one in day + month + year + serial)
        told = said_to_be_cpr(text, words, match.start()) or (
            joined is None and speaks_of_birth(text, match.start(), match.end())
        )
        number = number_of(digits, any_century=True) if told else None
        if number:
            yield match.start(), match.end(), number
