"""words_of(): what a person wrote in a mail, and which files came with it."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

import html_text
import puremagic

from hotline.integrations.mail.charsets import decoded, header, raw_header, storable, words
from hotline.text import UNSEEN

MOST_PARTS = 200
LARGEST_HTML = 1_000_000  # characters; nobody wrote more
NAMED = 20  # attachments
LONGEST_NAME = 120
# A soft line break with blanks behind it, as some gateways leave it: the number that it cuts in two is one number.
SOFT_BREAK = re.compile(r"=[ \t]+(?=\r?\n)")
NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]|=+[^=]*$")
CID = re.compile(r"cid:([^\"'\s>]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Attached:
    """A file that came with the mail: its name, its kind as its content says it (`pdf`; empty: not known), its bytes.

    Of the file itself nothing is kept.
    """

    name: str
    kind: str
    size: int


@dataclass(frozen=True)
class Words:
    """The text, and the files beside it; of many files the first NAMED, and how many more there were."""

    text: str
    attached: tuple[Attached, ...]
    more: int


def words_of(message: Message) -> Words:
    """Both, of a mail however it is put together."""
    texts: list[str] = []
    files: list[Message] = []
    shown: set[str] = set()
    for part, kind in _parts(message):
        if kind is None:
            files.append(part)
        else:
            texts.append(_read(part, kind, shown))
    files = [part for part in files if _cid(part) not in shown or part.get_content_maintype() != "image"]
    attached = tuple(_attached(part) for part in files[:NAMED])
    return Words(_tidied("\n\n".join(texts)), attached, len(files) - len(attached))


def _parts(message: Message) -> Iterator[tuple[Message, str | None]]:
    """The parts in order, each with the kind of text that it is to be read as, or None where it is a file.

    Of alternatives it is the plain one, unless that has no words.
    """
    left, seen = [message], 0
    while left and seen < MOST_PARTS:
        part, seen = left.pop(0), seen + 1
        kind = part.get_content_type()
        children = _within(part)
        if kind == "message/rfc822" or not part.is_multipart():
            is_text = kind in ("text/plain", "text/html") and not _is_file(part)
            yield part, kind.partition("/")[2] if is_text else None
        elif kind == "multipart/alternative":
            left = [_best(children), *left] if children else left
        else:
            left = [*children, *left]


def _within(part: Message) -> list[Message]:
    found = part.get_payload()
    return [one for one in found if isinstance(one, Message)] if isinstance(found, list) else []


def _best(children: list[Message]) -> Message:
    plain = [one for one in children if one.get_content_type() == "text/plain" and _read(one, "plain", set()).strip()]
    rich = [one for one in children if one.get_content_type() == "text/html" or one.is_multipart()]
    return (plain or rich or children)[0]


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name(part))


def _read(part: Message, kind: str, shown: set[str]) -> str:
    """The text of a part; `shown` gets the pictures that it shows within itself."""
    text = storable(decoded(_bytes(part), part.get_content_charset()))
    if kind == "html":
        shown |= {one.strip("<>") for one in CID.findall(text)}
        return str(html_text.extract_text(text[:LARGEST_HTML], guess_punct_space=False))
    return _unwrapped(text, part) if part.get_param("format", "") == "flowed" else text


def _unwrapped(text: str, part: Message) -> str:
    """Lines that end in a blank go on in the next one (RFC 3676)."""
    is_cut = str(part.get_param("delsp", "")).lower() == "yes"
    lines: list[list[str]] = []  # each of the pieces that it was cut into
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        here = line.removeprefix(" ")
        if goes_on and not here.startswith(">"):
            lines[-1].append(here)
        else:
            lines.append([here])
        goes_on = here.endswith(" ") and here != "-- " and not here.startswith(">")
        if goes_on and is_cut:
            lines[-1][-1] = here[:-1]
    return "\n".join(map("".join, lines))


def _bytes(part: Message) -> bytes:
    encoding, said = raw_header(part, "content-transfer-encoding").lower(), part.get_payload()
    if encoding == "quoted-printable" and isinstance(said, str) and SOFT_BREAK.search(said):
        part.set_payload(SOFT_BREAK.sub("=", said))
    elif encoding == "base64" and isinstance(said, str):
        letters = NO_BASE64.sub("", said)
        whole = letters[: len(letters) - (len(letters) % 4 == 1)]  # of a mail that was cut off, all that came
        return b64decode(whole + "=" * (-len(whole) % 4))
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _attached(part: Message) -> Attached:
    if part.get_content_type() == "message/rfc822":
        inner = next(iter(_within(part)), Message())
        name = _name(part) or header(inner, "subject") or "mail"
        return Attached(_plain(name), "eml", len(inner.as_bytes()))
    content, name = _bytes(part), _plain(_name(part) or part.get_content_type())
    return Attached(name, _kind(content, name), len(content))


def _kind(content: bytes, name: str) -> str:
    """What the name says, where the content may be that; else what it may be that most have heard of."""
    try:
        found = puremagic.magic_string(content) if content else []
    except (puremagic.PureError, ValueError):
        return ""
    kinds = [one.extension.lstrip(".").lower() for one in sorted(found, key=lambda one: not one.mime_type)]
    said = name.rpartition(".")[2].lower()
    return said if said in kinds else next(filter(None, kinds), "")


def _name(part: Message) -> str:
    """Its file name in whichever way that is written, without the folders that it may pretend."""
    try:
        said = part.get_filename() or ""
    except (TypeError, ValueError, LookupError):  # of parameters that are cut off the library makes nothing
        return ""
    return re.split(r"[/\\]", words(said))[-1]


def _plain(name: str) -> str:
    """Without letters that turn the name round or hide its end."""
    shown = " ".join(UNSEEN.sub("", storable(name)).split())
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 12]}…{shown[-11:]}"


def _cid(part: Message) -> str:
    return raw_header(part, "content-id").strip("<>")


def _tidied(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
