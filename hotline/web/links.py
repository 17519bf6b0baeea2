"""Addresses of links to a citizen's phone and mail: made of a plain number or address alone, never of what was sent."""

import re
from urllib.parse import quote

from hotline.privacy import subjects

# A dot-atom of everyday signs. `?`, `&`, `=` and `%` are allowed in mail as well, and begin something else in a link.
HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])"
PLAIN_ADDRESS = re.compile(rf"(?=.{{3,254}}$)[\w+'-]+(?:\.[\w+'-]+)*@{HOST}")


def tel(said: str) -> str | None:
    """`tel:` with the one valid number as E.164, and its extension; None where there is more or less than one."""
    number = subjects.phone(said)
    return f"tel:{number}" if number is not None and number == subjects.shown_phone(said, number) else None


def mailto(said: str) -> str | None:
    """`mailto:` with the address percent-encoded; None for whatever is not one plain address."""
    return f"mailto:{quote(said, safe='@')}" if PLAIN_ADDRESS.fullmatch(said) and said.isprintable() else None
