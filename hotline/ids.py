"""Ids made before the database is asked: ids that sort by time, and references that people can read aloud."""

import hashlib
import re
import secrets
import uuid
from datetime import datetime

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [first + second for second in ALPHABET for first in ALPHABET]
REFERENCE = re.compile(f"H-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{4}})")


def new_id(moment: datetime) -> uuid.UUID:
    """A UUID of version 7 (RFC 9562, section 5.7): milliseconds of `moment` (aware) first, then 74 random bits."""
    milliseconds = int(moment.timestamp() * 1000)
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def reference_of(inquiry_id: uuid.UUID) -> str:
    """The reference a citizen is told, such as `H-7K3M-9Q2X`: eight signs out of thirty, none that look alike.

    There are 30⁸ (6.6 × 10¹¹) of them: among a million inquiries about one pair shares its reference, so it helps to
    find an inquiry and is no key.
    """
    number = int.from_bytes(hashlib.blake2b(inquiry_id.bytes, digest_size=8).digest())
    signs = ""
    for _ in range(4):
        number, pair = divmod(number, len(PAIRS))
        signs += PAIRS[pair]
    return f"H-{signs[:4]}-{signs[4:]}"


def read_reference(said: str) -> str | None:
    """The reference as it was told, from small letters and with or without its hyphens; None where it is none."""
    found = REFERENCE.fullmatch("".join(said.split()).upper())
    return f"H-{found[1]}-{found[2]}" if found else None
