"""One way of writing a phone number, mail address or CPR number, so that the same citizen gives the same hash."""

import re

import phonenumbers


def phone(said: str) -> str | None:
    """The number as E.164, read as a Danish one where no country is said; None where it is no number."""
    try:
        number = phonenumbers.parse(said, "DK")
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(said: str) -> str:
    """The address in small letters, without blanks around it."""
    return said.strip().lower()


def cpr(said: str) -> str:
    """The ten characters alone."""
    return re.sub(r"[^0-9A-Za-z]", "", said).upper()
