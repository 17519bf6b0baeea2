"""A text as the reader sees it: lower case, without æ, ø, å and accents, words cut to their stems."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from hotline.text import readable

_DANISH = snowballstemmer.stemmer("danish")
_SPELLED_OUT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LATIN = range(0xC0, 0x250)
_BARE: dict[int, int | str] = {
    **{letter: unicodedata.normalize("NFD", chr(letter))[0] for letter in _LATIN},
    **str.maketrans("łđıأإآىةیک", "ldiااايهيك"),  # Arabic letters that Arabs leave apart and Persians have of their own
}
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """As any keyboard types it, in lower case: Nordic letters spelled out, others without accents, every digit a 0."""
    return _DIGIT.sub("0", readable(text).lower().translate(_SPELLED_OUT).translate(_BARE))


def stems(text: str) -> list[str]:
    """The stems of the words of a text, in their order, repeated words included."""
    return [_stem(word) for word in _WORD.findall(plain(text))]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_DANISH.stemWord(word))
