"""decoded(), header(): words out of bytes, whatever the mail says of their character set, or does not say."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from charset_normalizer import from_bytes

# Of many bytes a letter, or of seven bits: what is written so is nothing else by chance.
TOLD_APART = re.compile(r"utf-?(7|16|32)|iso-2022|gb|big5|shift|sjis|euc|hz|koi8", re.IGNORECASE)
# As browsers read them: whoever says these writes the quotation marks of Windows all the same.
WESTERN = frozenset({"", "ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252"})
# What stands in the letters of Western Europe beside ASCII. A guess by frequencies takes short Danish for Czech.
WESTERN_LETTERS = frozenset("æøåÆØÅäöüÄÖÜßéÉèêëáàâíóôúñçðþ€§°½´·«»“”‘’„…–—•\xa0\xad")
LIKELY = ["mac_roman", "cp865", "cp1250", "cp1251", "iso8859_2", "cp1254", "cp1256", "cp1257"]
NOT_STORED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
FOLDED = re.compile(r"\r?\n[ \t]*")


def decoded(raw: bytes, charset: str | None = None) -> str:
    """The text of these bytes. What is UTF-8 is read as that, whatever was said; else as said, else as guessed."""
    said = (charset or "").strip().lower()
    tries = [said, "utf-8"] if TOLD_APART.match(said) else ["utf-8", "cp1252" if said in WESTERN - {""} else said]
    for one in filter(None, tries):
        try:
            return raw.decode(one)
        except (LookupError, ValueError):
            continue
    western = raw.decode("cp1252", "replace")
    if all(letter in WESTERN_LETTERS for letter in western if not letter.isascii()):
        return western
    guessed = from_bytes(raw, cp_isolation=LIKELY).best()
    return raw.decode(guessed.encoding, "replace") if guessed else western


def header(message: Message, name: str) -> str:
    """A header in one line, its encoded words read as far as they can be; empty where there is none."""
    return words(raw_header(message, name))


def raw_header(message: Message, name: str) -> str:
    """The first header of this name as it was sent, in one line."""
    found = (value for known, value in message.raw_items() if known.lower() == name.lower())
    return FOLDED.sub(" ", next(found, "")).strip()


def words(raw: str) -> str:
    """Encoded words (RFC 2047) of one character set that follow each other are read as one: some are cut in mid-letter.

    Bytes that were sent as they are, are read as `decoded` does.
    """
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        parts = [(raw, None)]
    read = "".join(
        decoded(part if isinstance(part, bytes) else part.encode(errors="surrogateescape"), charset)
        for part, charset in parts
    )
    return " ".join(storable(read).split())


def storable(text: str) -> str:
    """Without what no database stores and no reader sees: NUL and its like, halves of letters."""
    return NOT_STORED.sub("", text)
