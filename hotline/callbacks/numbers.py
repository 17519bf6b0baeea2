"""number_to_call(): at which numbers a citizen may be rung; a wrong one costs money, or somebody their line to help."""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType, shortnumberinfo

from hotline.callbacks.errors import NumberNotCalled
from hotline.privacy import subjects
from hotline.text import readable

# Of shared cost, of services and of pagers a citizen has none; which of them cost more differs from land to land.
CITIZENS = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}
PREMIUM = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER}
OF_NO_LAND = "001"  # satellites and the like: dear, wherever they are
ALARMS = frozenset({"112", "113", "114", "115", "911", "999"})  # also where this land's table has no such number
SHORT_DIGITS = 6


class Why(StrEnum):
    """For what reason a number is not rung."""

    EMERGENCY = "emergency"
    PREMIUM = "premium"
    SHORT = "short"
    CODE = "code"
    SERVICE = "service"
    WITHHELD = "withheld"
    INVALID = "invalid"


def number_to_call(said: str) -> str:
    """The number as E.164, with `;ext=` where there is an extension; one without a country is Danish.

    Raises NumberNotCalled, with the Why as its `why`, never with the number.
    """
    words = readable(said).strip()
    why = _why_not(words)
    number = None if why else subjects.phone(words)
    if number is None:
        raise NumberNotCalled(why=str(why or Why.INVALID))
    return number


def _why_not(words: str) -> Why | None:
    if "*" in words or "#" in words:
        return Why.CODE
    number = subjects.phone(words)
    if number is None:
        return _unsaid(words)
    parsed = phonenumbers.parse(number)
    kind = phonenumbers.number_type(parsed)
    if kind in PREMIUM or phonenumbers.region_code_for_number(parsed) == OF_NO_LAND:
        return Why.PREMIUM
    return None if kind in CITIZENS else Why.SERVICE


def _unsaid(words: str) -> Why:
    """What is no number of anybody's."""
    digits = re.sub(r"\D", "", words)
    if not digits.strip("0") or digits in subjects.WITHHELD or subjects.WITHHELD_WORDS.search(words):
        return Why.WITHHELD
    region, local = _local(words, digits)
    if local in ALARMS or shortnumberinfo.connects_to_emergency_number(local, region):
        return Why.EMERGENCY
    return Why.SHORT if len(local) <= SHORT_DIGITS else Why.INVALID


def _local(words: str, digits: str) -> tuple[str, str]:
    """The land, and the digits that are dialled within it."""
    try:
        parsed = phonenumbers.parse(words, subjects.HOME)
    except phonenumbers.NumberParseException:
        return subjects.HOME, digits
    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region, str(parsed.national_number)
