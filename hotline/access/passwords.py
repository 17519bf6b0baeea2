"""Passwords: kept as argon2id hashes, checked in a time that tells nothing."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from random import Random

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each thread that ever hashed keeps its 19 MiB; forty request threads came to 650 MB. Two are enough, and a flood of
# sign-ins then costs memory for two.
HASHING = ThreadPoolExecutor(2, "password")
# Checked when there is no such user, so that the answer takes as long as for one who exists.
NOBODY = HASHER.hash("nobody has this password")
CONSONANTS, VOWELS = "bdfghklmnprstv", "aeiou"


def hash_password(password: str) -> str:
    """The argon2id hash to keep, with its parameters and salt inside."""
    return HASHING.submit(HASHER.hash, _composed(password)).result()


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash; without a hash it never does, and takes as long."""
    return HASHING.submit(_fits, password, password_hash).result()


def new_password(random: Random) -> str:
    """A password by chance; give it a SystemRandom wherever it guards something.

    Eight syllables in four words are 49 bits: easy to read out, too many to guess past a limit on failed sign-ins.
    """
    words = ["".join(random.choice(CONSONANTS) + random.choice(VOWELS) for _ in range(2)) for _ in range(4)]
    return "-".join(words)


async def fits_in_turn(password: str, password_hash: str | None) -> bool:
    """The same; whoever waits for their turn holds no thread up."""
    return await asyncio.wrap_future(HASHING.submit(_fits, password, password_hash))


def _fits(password: str, password_hash: str | None) -> bool:
    """Keyboards differ in how they write an å. Hashes of before were made of what the keyboard had written."""
    tried = any(_verified(one, password_hash or NOBODY) for one in dict.fromkeys((_composed(password), password)))
    return tried and password_hash is not None


def _verified(password: str, password_hash: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)
