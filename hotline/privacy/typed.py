"""words(), forget_reasons(): what somebody typed that is no inquiry's own, and names a citizen all the same."""

import re
from collections.abc import Iterator, Sequence
from uuid import UUID

import phonenumbers
from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.privacy import subjects
from hotline.privacy.marks import mark_of
from hotline.privacy.vault import unsealed

REASONS = (
    ("presence_change", "reason"),
    ("agent_work", "presence_reason"),
    ("lookup", "why"),
    ("guidance_wish", "text"),
)
# What agents missed in the guidance, and no editor has dealt with.
WISHES = "DELETE FROM guidance_wish WHERE at < CAST(:now AS timestamptz) - interval '180 days'"
ASKED = "SELECT name, phone, email, cpr FROM citizen WHERE inquiry_id = ANY(:ids)"
NUMBERS = "SELECT sealed FROM kept_cpr WHERE inquiry_id = ANY(:ids) AND NOT false_hit"
SURNAME = 4  # letters; a shorter one is too many other words
INFLECTED = "(e?s|er(s|ne|nes)?)?"  # Jensens, Max'es without its sign, a whole family: Jensener, Jensenerne


def words(field: str, written: str) -> str:
    """How this phone (E.164), mail address or CPR number may stand in the clear, and not inside a longer one.

    As a regular expression of PostgreSQL.
    """
    if field == "cpr":
        return re.escape(mark_of(written))
    if field == "email":
        return f"(?<![a-z0-9._%+-]){re.escape(written)}(?![a-z0-9-])"
    number = phonenumbers.parse(written)
    national = "[ .-]?".join(phonenumbers.national_significant_number(number))
    return f"(?<![0-9])((00|[+])?{number.country_code}[ .-]?)?{national}(?![0-9])"


def forget_reasons(session: Session, searched: str | None, ids: Sequence[UUID]) -> int:
    """Take every reason that names a citizen by what they were `searched` for, or as these inquiries know them.

    That is by name, or surname alone, in the genitive as well, by phone, mail address and CPR number; how many. Better
    a reason too many than one too few: what was done, when and by whom stays.
    """
    named = [searched] if searched else []
    for row in session.execute(text(ASKED), {"ids": list(ids)}).mappings():
        named += _named(row["name"], row["phone"], row["email"], row["cpr"])
    for sealed in session.execute(text(NUMBERS), {"ids": list(ids)}).scalars():
        named += [words("cpr", number)] if (number := subjects.cpr(unsealed(sealed, "kept_cpr") or "")) else []
    if not named:
        return 0
    forget = "UPDATE {0} SET {1} = NULL WHERE {1} ~* ANY(CAST(:named AS text[]))"
    return sum(rows_changed(session, text(forget.format(*one)), {"named": named}) for one in REASONS)


def _named(name: bytes | None, phone: bytes | None, email: bytes | None, cpr: bytes | None) -> Iterator[str]:
    whole = (unsealed(name, "name") or "").split()
    if whole:
        last = whole[-1:] if len(whole[-1]) >= SURNAME else whole
        yield f"(?<![[:alnum:]]){'[[:space:]]+'.join(map(re.escape, last))}{INFLECTED}(?![[:alnum:]])"
    for field, sealed, written in (
        ("phone", phone, subjects.phone), ("email", email, subjects.email), ("cpr", cpr, subjects.cpr),
    ):  # fmt: skip
        known = written(unsealed(sealed, field) or "")
        if known:
            yield words(field, known)
