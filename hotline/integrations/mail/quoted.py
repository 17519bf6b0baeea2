"""parted(): what somebody writes now, and the older mails that stand below it."""

import re
from itertools import pairwise

# "Den 23. nov. 2026 kl. 10.12 skrev Anna <anna@example.dk>:", as programs write it in the languages that come.
WROTE = re.compile(
    r"(?:(?=.*\d)(?:den|d\.|on|am|le|op|dnia|il|el)\s.{4,240}?"
    r"\b(?:skrev|wrote|schrieb|a écrit|schreef|napisał\(?a?\)?|ha scritto|escribió)\b"
    r"|(?=.*\d)(?:man|tirs?|ons|tors?|fre|lør|søn|mån|lör|sön)[a-zæøåö]*\.?\s.{4,240}?\bskrev\b"
    r"|.{1,160}<[^\s@]++@\S++(?<=>)\s+skrev\b"
    r").{0,240}:",
    re.IGNORECASE,
)
RULE = re.compile(
    r"\s*-{2,}\s*(?:oprindelig (?:meddelelse|besked|e-?mail)|original (?:message|meddelelse)|ursprüngliche nachricht"
    r"|ursprungligt meddelande|opprinnelig melding|videresendt.{0,40})\s*-{2,}\s*|_{20,}",
    re.IGNORECASE,
)
FROM = re.compile(r"\s*\*?(?:fra|from|von|från|de)\s?:\*?\s+\S", re.IGNORECASE)
BESIDE = re.compile(
    r"\s*\*?(?:sendt|sent|gesendet|skickat|envoyé|dato|date|datum|til|to|an|till|cc|kopi|emne|subject|betreff|ämne)\s?:\*?(?:\s|$)",
    re.IGNORECASE,
)
FORWARDED = re.compile(r"\s*(?:vs|fwd?|wg|vb|tr)\s*:", re.IGNORECASE)
HEADS = 5  # lines in which the heads of a quoted mail stand
LONGEST = 500  # characters of a line that may be a head


def parted(text: str, subject: str = "") -> tuple[str, str]:
    """The new words, and the history below them or nothing.

    What is forwarded is what the mail is about, and answers between quoted lines are read with what they answer: both
    are new. So is everything where nothing else would be.
    """
    lines = text.split("\n")
    cut = None if FORWARDED.match(subject) else _first(lines)
    if cut is None:
        return text, ""
    new, history = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (new, history) if new else (text, "")


def _first(lines: list[str]) -> int | None:
    """The line with which the history begins."""
    between = _answered(lines)
    for at, (line, following) in enumerate(pairwise([*lines, ""])):
        if len(line) > LONGEST:
            continue
        if _wrote(line, following) or (RULE.fullmatch(line) and at >= between):
            return at if at >= between else None
        if FROM.match(line) and sum(bool(BESIDE.match(one[:LONGEST])) for one in lines[at + 1 : at + HEADS]) >= 2:
            return at
    return _marked(lines)


def _wrote(line: str, following: str) -> bool:
    """Also where the line was too long and was broken."""
    return bool(WROTE.fullmatch(line.strip()) or WROTE.fullmatch(f"{line.strip()} {following.strip()}"[:LONGEST]))


def _answered(lines: list[str]) -> int:
    """The last line marked as quoted below which somebody writes one that is not; -1 where there is none."""
    writes = False
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].startswith(">"):
            if writes:
                return at
        elif lines[at].strip():
            writes = True
    return -1


def _marked(lines: list[str]) -> int | None:
    """Where the quoted lines begin that end the mail, with nothing above them that says whose they are."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    while begin and (lines[begin - 1].startswith(">") or not lines[begin - 1].strip()):
        begin -= 1
    return begin if begin < end and any(line.strip() for line in lines[:begin]) else None
