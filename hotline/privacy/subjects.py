"""One way of writing a phone number, mail address or CPR number, so that the same citizen gives the same hash.

What names nobody gives none: two callers who withhold their numbers are two people, and have no report by them.
"""

import re
from contextlib import suppress
from functools import lru_cache

import idna
import phonenumbers
from phonenumbers import PhoneMetadata

from hotline.text import folded

HOME = "DK"
FROM_CHARACTERS = 400  # of a line as SIP and mail give it: a name before the address, and parameters behind it
# A withheld number as exchanges write it: ANONYMOUS, BLOCKED, UNKNOWN, RESTRICTED, PRIVATE, UNAVAILABLE on a dial pad.
WITHHELD = frozenset({"266696687", "2562533", "8656696", "7378742833", "7748283", "86282452253"})
WITHHELD_WORDS = re.compile(r"\b(anonymous|blocked|restricted|unavailable|unknown|withheld)\b", re.IGNORECASE)
# As nearly all numbers come, and what phonenumbers makes of them the long way.
DANISH = re.compile(r"(?:\+45)?((?: ?[0-9]){8}) *")
ADDRESS_IN = re.compile(r".*<\s*([^<>]+?)\s*>\s*", re.DOTALL)
SCHEME = re.compile(r"\s*(?:tel|sips?|callto|mailto)\s*:", re.IGNORECASE)
EXTENSION = re.compile(
    r"\b(?:lokal(?:nummer|nr)?|lok|omst(?:illing)?|extension|ext)\b[.:]?\s*(?=\d)"
    r"|(?<=\d)\s*[,;pw*]+\s*(?=\d{1,5}\s*$)",  # the pauses after which a telephone dials on by itself
    re.IGNORECASE,
)
DIGITS = re.compile(r"\+?[0-9 ]+")  # as nearly all numbers come
# One number and nothing beside it, but for an extension.
ALONE = re.compile(r"[+(]{0,2}[\d\s().\-\u2010-\u2015/]+(?:(?:;ext=|ext\.?|x|#)\s*\d{1,7})?\s*", re.IGNORECASE)
BETWEEN_TWO = re.compile(r"[/,;|\n]|\s(?:og|and|eller|or)\s", re.IGNORECASE)
DIGITS_OF_A_NUMBER = 6


def phone(said: str) -> str | None:
    """The number as E.164, `;ext=12` behind it where there is an extension; one without a country is Danish.

    None where it is no number that somebody can have, stands for a withheld one, or where several differ.
    """
    if (danish := DANISH.fullmatch(said)) is not None:
        digits = danish[1].replace(" ", "")
        return f"+45{digits}" if _somebodys().fullmatch(digits) and len(set(digits)) > 1 else None
    number = _number(_bare(said))
    if number is None:
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


def shown_phone(said: str, number: str | None) -> str:
    """What an agent reads: `number`, as `phone` found it, or what was said where there is more or less than that."""
    return number if number and ALONE.fullmatch(_bare(said)) else said


def address(said: str) -> str:
    """The mail address in `Name <address>` or `mailto:address`; else what was said, without blanks around it."""
    inner = ADDRESS_IN.fullmatch(said)
    return SCHEME.sub("", _visible(inner[1] if inner else said), count=1).strip()


def email(said: str) -> str | None:
    """The address in small letters, its domain as name servers write it; None where it is none or several."""
    local, at, domain = address(said).rpartition("@")
    if not (at and local and domain) or re.search(r"[\s,;@]", local.strip('"')) or re.search(r"[\s,;]", domain):
        return None
    domain = domain.rstrip(".")
    if not domain.isascii():  # name servers take what is as it stands
        with suppress(idna.IDNAError):
            domain = idna.encode(domain, uts46=True).decode()
    domain = domain.lower()
    return None if domain.split(".")[-1] == "invalid" else f"{local.lower()}@{domain}"


def cpr(said: str) -> str:
    """The ten characters alone."""
    return re.sub(r"[^0-9A-Za-z]", "", said).upper()


@lru_cache
def _somebodys() -> re.Pattern[str]:
    """The eight digits that phonenumbers holds for a Danish number, by its own table: it takes 19 µs to read one."""
    table = PhoneMetadata.metadata_for_region(HOME)
    assert table is not None and table.general_desc is not None
    kinds = (table.fixed_line, table.mobile, table.premium_rate, table.toll_free, table.shared_cost, table.voip,
             table.personal_number, table.pager, table.uan, table.voicemail)  # fmt: skip
    patterns = {kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern}
    return re.compile(f"(?={table.general_desc.national_number_pattern}$)(?:{'|'.join(sorted(patterns))})")


def _number(bare: str) -> phonenumbers.PhoneNumber | None:
    if WITHHELD_WORDS.search(bare) or "".join(re.findall(r"\d", bare)) in WITHHELD:
        return None
    parts = [part for part in BETWEEN_TWO.split(bare) if len(re.findall(r"\d", part)) >= DIGITS_OF_A_NUMBER]
    if len(parts) > 1:
        first, *others = map(_number, parts)
        return first if all(other == first for other in others) else None
    if ALONE.fullmatch(bare):
        try:
            found = [phonenumbers.parse(bare, HOME)]
        except phonenumbers.NumberParseException:
            return None
    else:
        found = [match.number for match in phonenumbers.PhoneNumberMatcher(bare, HOME)]
    valid = [number for number in found if phonenumbers.is_valid_number(number) and not _one_digit(number)]
    return valid[0] if len(valid) == len(found) == 1 else None


def _one_digit(number: phonenumbers.PhoneNumber) -> bool:
    """99999999 and the like: what systems write where they know no number."""
    return len(set(str(number.national_number))) == 1


def _bare(said: str) -> str:
    """Without a name before it, a scheme or a SIP host; an extension as phonenumbers knows it."""
    if DIGITS.fullmatch(said):
        return said.strip()
    inner = ADDRESS_IN.fullmatch(said)
    bare = SCHEME.sub("", _visible(inner[1] if inner else said), count=1)
    bare = bare.partition("@")[0] if "@" in bare else bare
    bare = re.sub(r";(?!ext=)[a-z-]+(=[^;]*)?", "", bare, flags=re.IGNORECASE)
    return EXTENSION.sub(" ext. ", bare.replace("(0)", " ")).strip()


def _visible(said: str) -> str:
    """In one way of writing, and without what nobody sees, which copied numbers and addresses bring along."""
    return folded(said).strip()
