"""pdf(): a case in words, set as a document."""

import re

from hotline.text import folded
from hotline.web.typeset import NotTypeset, typeset

MOST_CHARACTERS, MOST_LINES = 500_000, 20_000  # some 250 pages; to set more would hold up others for seconds
CUT = "[…]"
# The library breaks down over a letter with which very many are joined, as no language does.
LONG = 50
UNBROKEN = re.compile(f"[^ \n]{{{LONG},}}")
BETWEEN = " "


def pdf(words: str, language: str) -> bytes:
    """A title in the first line, and paragraphs; what citizens write is words in it and nothing else.

    It is held to no standard of PDF, which would refuse a sign that no font here has. Of a case that is longer than any
    the end is left out, and it says so; the text (handover.txt) has all of it.
    """
    short = _short(words.strip())
    try:
        return _set(short, language)
    except NotTypeset:
        return _set(UNBROKEN.sub(_broken, short), language)


def _set(words: str, language: str) -> bytes:
    title, _, rest = words.partition("\n")
    paragraphs = [one.strip().splitlines() for one in rest.split("\n\n") if one.strip()]
    return typeset("handling/handover.typ", "note", {"title": title, "paragraphs": paragraphs, "language": language})


def _broken(word: re.Match[str]) -> str:
    seen = folded(word[0])
    return BETWEEN.join(seen[at : at + LONG] for at in range(0, len(seen), LONG))


def _short(words: str) -> str:
    lines = words[:MOST_CHARACTERS].split("\n", MOST_LINES)
    cut = len(words) > MOST_CHARACTERS or len(lines) > MOST_LINES
    return "\n".join([*lines[:MOST_LINES], "", CUT]) if cut else words
