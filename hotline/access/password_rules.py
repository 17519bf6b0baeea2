"""Which passwords nobody may choose: short ones, and those everybody thinks of. No kinds of signs are asked for."""

import re
from functools import lru_cache
from pathlib import Path

from hotline.access.errors import NoPasswordList, WeakPassword
from hotline.resources import CONFIG
from hotline.settings import settings

SHORTEST, LONGEST, LEFT_OVER = 12, 128, 5
OWN_WORDS = CONFIG / "access" / "common_passwords.txt"
ROWS = ("abcdefghijklmnopqrstuvwxyzæøå", "01234567890", "qwertyuiopå", "asdfghjklæø", "zxcvbnm")
YEAR = re.compile(r"(19|20)[0-9]{2}")
REPEATED = re.compile(r"(.{1,4}?)\1{2,}")
INSTEAD = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def must_be_strong(password: str, username: str) -> None:
    """Raises WeakPassword for a password that this person may not have."""
    if len(password) < SHORTEST:
        raise WeakPassword(why="short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise WeakPassword(why="long", longest=LONGEST)
    if password.casefold() in _listed(settings().common_passwords):
        raise WeakPassword(why="listed")
    if len(_left_over(password.casefold(), username.casefold())) < LEFT_OVER:
        raise WeakPassword(why="foreseen")


def must_be_readable() -> None:
    """Raises NoPasswordList where the operator's own list cannot be read."""
    _listed(settings().common_passwords)


def _left_over(password: str, username: str) -> str:
    """What nobody could foresee: the letters and digits without all that is common."""
    words = [part for part in re.split(r"[^\w]|_", username) if len(part) > 2] + _words()
    left = REPEATED.sub(" ", YEAR.sub(" ", password))
    for run in _runs():
        left = left.replace(run, " ")
    # Both as it is written and with digits read as letters (`s0mmer`); the shorter rest counts.
    rests = [_without(text, words) for text in (left, left.translate(INSTEAD))]
    return min((re.sub(r"[\W_]", "", rest) for rest in rests), key=len)


def _without(text: str, words: list[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ")
    return text


@lru_cache
def _words() -> list[str]:
    lines = OWN_WORDS.read_text(encoding="utf-8").splitlines()
    return [line for line in map(str.strip, lines) if line and not line.startswith("#")]


@lru_cache
def _runs() -> list[str]:
    """Four or more neighbours of a keyboard's or the alphabet's row, both ways, the longest first."""
    rows = [row for one in ROWS for row in (one, one[::-1])]
    found = {row[i:j] for row in rows for i in range(len(row)) for j in range(i + 4, len(row) + 1)}
    return sorted(found, key=lambda run: (-len(run), run))


@lru_cache
def _listed(path: Path | None) -> frozenset[str]:
    """The operator's own list; better no password than an unchecked one. Raises NoPasswordList."""
    if path is None:
        return frozenset()
    try:
        return frozenset(line.strip().casefold() for line in path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise NoPasswordList(setting="HOTLINE_COMMON_PASSWORDS", reason=reason) from None
