"""One way to write what can be written in several: for whoever compares texts or reads them, never for what is kept."""

import re
import unicodedata

# What no reader sees (Unicode's Default_Ignorable_Code_Point: soft hyphen, zero widths, directions, byte order mark,
# variation selectors, tags …), what only a machine reads, and the blank of Braille.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
SPACES = re.compile("[\x1c-\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
LINES = re.compile("[\x0b\x0c\x85\u2028\u2029]")
# No letter of any script has more than four, and to bring a row of marks into order takes the square of its length.
MARK = "".join(chr(one) for one in range(0x1F000) if unicodedata.combining(chr(one)))
MARKS = re.compile(f"([{MARK}]{{4}})[{MARK}]+")
TYPED = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "\u2019": "'", "\u02bc": "'"})


def folded(text: str) -> str:
    """The text with each letter written in one way (NFC), without what nobody sees, each space a plain one.

    The same text folded twice is the same as folded once.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = LINES.sub("\n", SPACES.sub(" ", UNSEEN.sub("", text)))
    return seen if unicodedata.is_normalized("NFC", seen) else unicodedata.normalize("NFC", MARKS.sub(r"\1", seen))


def readable(text: str) -> str:
    """The text folded and as a keyboard types it: ligatures apart, wide letters narrow, one hyphen, one apostrophe."""
    return unicodedata.normalize("NFKC", folded(text).translate(TYPED))
