"""Folds a text for the finder alone: what a reader would see of it, with a map back to what was written."""

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

_TAG_NAMES = (
    "a|abbr|article|b|big|blockquote|body|br|center|code|col|colgroup|dd|del|div|dl|dt|em|font|footer|h[1-6]|head|header"
    "|hr|html|i|img|ins|kbd|label|li|main|mark|o:p|ol|p|pre|q|s|samp|section|small|span|strike|strong|sub|sup|table|tbody"
    "|td|tfoot|th|thead|tr|tt|u|ul|var|wbr"
)
# A tag that holds many digits may hold a number, and stays.
_TAG = (
    rf"</?(?:{_TAG_NAMES})(?=[\s/>])(?:[^<>\d#]|#[0-9a-f]{{0,8}}+|\d{{1,3}}+(?!\d)){{0,300}}+>|<!--[^<>\d]{{0,80}}+-->"
)
_ENTITY = r"&(?:\#[0-9]{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,24});"
# Of signs, never of digits, which nobody writes so: in "50%10" stands none.
_PERCENT = (
    "%(?:0[9AD]|2[02-9A-F]|3[A-F]|40|5[B-E]|7[B-E]|C[2-9A-F]%[89AB][0-9A-F]|E[0-9A-F]%[89AB][0-9A-F]%[89AB][0-9A-F])"
)
_QUOTED = (
    r"=[ \t]{0,4}\r?\n"
    "|=(?-i:2[DEF]|3D|C[2-9A-F]=[89AB][0-9A-F]|E[0-9A-F]=[89AB][0-9A-F]=[89AB][0-9A-F]|(?:A0|AD)(?=\\d)"
    r"|(?<=\d=)(?:20|96|97)(?=\d|\s|=)|20(?=\r?\n)|(?<=[a-zA-Z]=)(?:E[56]|F8)(?=[a-z]))"
)
_BACKSLASH = r"\\u[0-9a-f]{4}|\\[nrt](?=[\d\s-])"
_EMPHASIS = r"""(?<=\d)[*_`~'"]{1,3}+(?=[ ]?[-./ ]{1,3}[*_`~'"\d])|(?<=[-./ ])[*_`~'"]{1,3}+(?=\d)"""
_PLUS = r"(?<=\d{6})\+(?=\d{4}(?!\d))"  # a blank in a form's body
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_UNUSUAL = rf"[^\x09\x0a\x0d\x20-\x7eæøåÆØÅäöüßÄÖÜé][{_MARKS}]{{0,8}}+|[\x20-\x7eæøåÆØÅ][{_MARKS}]++"
_SPECIAL = re.compile(
    rf"(?P<tag>{_TAG})|(?P<entity>{_ENTITY})|(?P<percent>{_PERCENT})|(?P<quoted>{_QUOTED})"
    rf"|(?P<backslash>{_BACKSLASH})|(?P<emphasis>{_EMPHASIS})|(?P<plus>{_PLUS})|(?P<unusual>{_UNUSUAL})",
    re.IGNORECASE,
)
# Without any of these, and with quotes and the like far from digits, there is nothing to fold.
_MAYBE = re.compile(r"[<&%=\\\\+]|\d[*_`~'\"]|[*_`~'\"]\d|[^\x09\x0a\x0d\x20-\x7eæøåÆØÅäöüßÄÖÜé]")
_BLOCK = re.compile(r"<(?:br|p|div|tr|li|h\d|dd|dt|hr|table|ul|ol|section|article|blockquote)\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_DASHES = frozenset("\u2212\u2043\u02d7\u2500\u2501\u2796\u30fc\u23af\u223c\u2053\u00ac\u058a")
_ALIKE = {"\u2044": "/", "\u2215": "/", "\u29f8": "/", "·": ".", "•": ".", "∙": ".", "⋅": ".", "․": ".", "…": "..."}
_NOTHING = frozenset("\u3164\u115f\u1160\u2800\ufffc")


@dataclass(frozen=True)
class Folded:
    """A folded text, and where each of its pieces begins there and in the original."""

    text: str
    starts: list[int]
    pieces: list[tuple[int, int, bool]]  # its start and end in the original, and whether it is the same there

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the original has what stands from `start` to `end`, of at least one character."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        begins, _, same = self.pieces[first]
        _, ends, same_there = self.pieces[last]
        return (
            begins + start - self.starts[first] if same else begins,
            self.pieces[last][0] + end - self.starts[last] if same_there else ends,
        )


def fold(text: str) -> Folded:
    """The text without tags, escapes, marks and signs that nobody sees, with plain digits, dashes and blanks.

    What HTML, URLs, JSON and quoted-printable mail escape is read; letters with accents are composed.
    """
    if not _MAYBE.search(text):
        return Folded(text, [0], [(0, len(text), True)])
    parts: list[str] = []
    starts: list[int] = []
    pieces: list[tuple[int, int, bool]] = []
    length = last = 0

    def put(piece: str, start: int, end: int, same: bool) -> None:
        nonlocal length
        if piece:
            parts.append(piece)
            starts.append(length)
            pieces.append((start, end, same))
            length += len(piece)

    for match in _SPECIAL.finditer(text):
        put(text[last : match.start()], last, match.start(), True)
        put(_meaning(match.lastgroup or "", match.group()), match.start(), match.end(), False)
        last = match.end()
    put(text[last:], last, len(text), True)
    return Folded("".join(parts), starts, pieces)


def _meaning(kind: str, written: str) -> str:
    match kind:
        case "tag":
            return "\n" if _BLOCK.match(written) else " " if _CELL.match(written) else ""
        case "entity":
            read = html.unescape(written)
            return written if read == written else "".join(map(_plain, read))
        case "percent" | "quoted":
            return "" if written.endswith("\n") else _decoded(written.replace("%", "=").replace("=", ""))
        case "backslash":
            return _plain(chr(int(written[2:], 16))) if written[1] in "uU" else "\t" if written[1] == "t" else "\n"
        case "emphasis":
            return ""
        case "plus":
            return " "
    return _plain(written)


def _decoded(hexadecimal: str) -> str:
    raw = bytes.fromhex(hexadecimal)
    read = raw.decode("utf-8" if len(raw) > 1 or raw < b"\x80" else "cp1252", errors="replace")
    return "".join(map(_plain, read))


@lru_cache(maxsize=10_000)
def _plain(cluster: str) -> str:
    """A character with its marks as it is read: a digit, a dash, a blank, a letter; nothing where nothing is seen."""
    known = unicodedata.normalize("NFKC", cluster)
    read = cluster if "\u2044" in known and len(known) > 1 else known  # one half is not 1/2
    return "".join(map(_sign, read))


def _sign(one: str) -> str:
    category = unicodedata.category(one)
    digit = unicodedata.digit(one, None) if one > "\x7f" else None
    if digit is not None:
        return str(digit)
    if category in ("Mn", "Me", "Cf", "Cs", "Co") or one in _NOTHING:
        return ""
    if category == "Pd" or one in _DASHES:
        return "-"
    if category in ("Zl", "Zp") or one in "\x0b\x0c\x85":
        return "\n"
    if category in ("Zs", "Cc"):
        return one if one in "\t\r\n" else " "
    return _ALIKE.get(one, one)
