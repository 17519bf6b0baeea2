"""A citizen's phone and mail as a page shows them, and the addresses of links to them.

A link is made of a plain number or address alone, never of what was sent.
"""

import re
from urllib.parse import quote

import phonenumbers

from hotline.privacy import subjects

# A dot-atom of everyday signs. `?`, `&`, `=` and `%` are allowed in mail as well, and begin something else in a link.
DENMARK = 45
HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])"
PLAIN_ADDRESS = re.compile(rf"(?=.{{3,254}}$)[\w+'-]+(?:\.[\w+'-]+)*@{HOST}")


def tel(said: str) -> str | None:
    """`tel:` with the one valid number as E.164, and its extension; None where there is more or less than one."""
    number = subjects.phone(said)
    return f"tel:{number}" if number is not None and number == subjects.shown_phone(said, number) else None


def phone(said: str) -> str:
    """23 45 67 89, a foreign number with + and its country; what was said where that is not one number alone."""
    link = tel(said)
    if link is None or ";" in link:
        return said
    number = phonenumbers.parse(link.removeprefix("tel:"))
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if number.country_code == DENMARK else form.INTERNATIONAL)


def mailto(said: str) -> str | None:
    """`mailto:` with the address percent-encoded; None for whatever is not one plain address."""
    return f"mailto:{quote(said, safe='@')}" if PLAIN_ADDRESS.fullmatch(said) and said.isprintable() else None
