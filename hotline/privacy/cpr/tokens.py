"""Reads the words of a text that are digits, days and months, and the digits between them, as what they mean."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hotline.privacy.cpr.words import BETWEEN, CARDINALS, ENGLISH_TENS, HUNDREDS, MONTHS, ORDINALS

_WORD = re.compile(r"[0-9]+|[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_GAP = re.compile(r"[\s,./-]{1,4}")
_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
_ONE_TO_NINE = frozenset("123456789")
_THREE_IN_A_ROW = b"\1" * 3
_HUNDRED = ("hundrede", "tusind", "hundert", "tausend")
_HUNDREDS = tuple(HUNDREDS)
_KNOWN = CARDINALS.keys() | ORDINALS.keys() | MONTHS.keys() | HUNDREDS.keys() | BETWEEN


@dataclass(frozen=True)
class Said:
    """One number word, several that make one number below a hundred ("fem og tres", "sixty five"), or digits.

    `kind` is digits, cardinal, ordinal, month or hundred; `joined` the small word right before it.
    """

    start: int
    end: int
    word: str
    digits: str
    kind: str
    joined: str = ""


def counts(text: str) -> bool:
    """Whether three words or figures that a number may be made of stand in a row, one of them a word; in small letters.

    So few does a number have that is half in digits: "010165 tolv syvogtredive". Any word that ends in hundreds may be
    one.
    """
    return counts_in(_WORD.findall(text.replace("\u2019", "'")), text)


def counts_in(words: Sequence[str], text: str) -> bool:
    """The same where the text's words and figures are known already."""
    if any(map(text.__contains__, _HUNDRED)):
        return True
    row = bytes([word in _KNOWN or word.isdecimal() for word in words])
    return _THREE_IN_A_ROW in row and not _KNOWN.isdisjoint(words)


def runs_of(text: str) -> Iterator[list[Said]]:
    """Number words, months and digits that follow each other, with nothing but signs and small words between."""
    run: list[Said] = []
    end, joined = 0, ""
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("\u2019", "'")
        if run and not (_continues(word, joined) and _GAP.fullmatch(text, end, match.start())):
            if not (word in _ORDINAL_ENDS and match.start() == end):
                yield _as_dates(_in_hundreds(run))
                run = []
        said = _said(match.start(), match.end(), word, joined)
        if said:
            _append(run, said)
        joined, end = joined if word == "den" and joined == "i" else word, match.end()
    if run:
        yield _as_dates(_in_hundreds(run))


def _continues(word: str, joined: str) -> bool:
    known = word.isdecimal() or word in _KNOWN or (word == "den" and joined == "i")
    return known or word.endswith(_HUNDRED)


def _said(start: int, end: int, word: str, joined: str) -> Said | None:
    if word.isdecimal():
        return Said(start, end, word, word, "digits", joined)
    if word not in _KNOWN and not word.endswith(_HUNDREDS):
        return None
    for kind, words in (("cardinal", CARDINALS), ("ordinal", ORDINALS), ("month", MONTHS)):
        if word in words:
            return Said(start, end, word, words[word], kind, joined)
    for hundred, value in HUNDREDS.items():
        if word.endswith(hundred) and CARDINALS.get(word.removesuffix(hundred), "0") != "0":  # "nittenhundrede"
            return Said(
                start, end, hundred, str(int(CARDINALS[word.removesuffix(hundred)]) * value), "cardinal", joined
            )
    return Said(start, end, word, "", "hundred", joined) if word in HUNDREDS else None


def _append(run: list[Said], said: Said) -> None:
    """Put one more word to the run, or make one number of it and the last: "fem og" + "tres", "sixty" + "five"."""
    last = run[-1] if run and run[-1].kind == "cardinal" else None
    if last is None or said.kind not in ("cardinal", "ordinal"):
        run.append(said)
        return
    tens = said.kind == "cardinal" and said.digits[1:] == "0" and said.digits != "10"
    after_tens = last.word in ENGLISH_TENS and said.joined == last.word
    if last.digits in _ONE_TO_NINE and tens and said.joined in ("og", "und"):
        run[-1] = replace(said, start=last.start, digits=said.digits[0] + last.digits, joined=last.joined)
    elif after_tens and said.digits.removeprefix("0") in _ONE_TO_NINE:
        run[-1] = replace(said, start=last.start, digits=last.digits[0] + said.digits[-1], joined=last.joined)
    else:
        run.append(said)


def _in_hundreds(run: list[Said]) -> list[Said]:
    """The run with "nitten hundrede og femogtres" and "to tusind fire" as four digits each."""
    if all(said.word not in HUNDREDS for said in run):
        return run
    made: list[Said] = []
    for said in run:
        last = made[-1] if made else None
        open_number = last is not None and last.word in HUNDREDS and last.kind == "cardinal"
        if said.kind == "hundred" and last and last.kind != "hundred" and 0 < len(last.digits) <= 2:
            made[-1] = replace(last, end=said.end, word=said.word, kind="cardinal",
                               digits=str(int(last.digits) * HUNDREDS[said.word]))  # fmt: skip
        elif last and open_number and len(said.digits) <= 2 and said.kind in ("cardinal", "digits"):
            made[-1] = replace(last, end=said.end, word=said.word, digits=last.digits[:-2] + said.digits.zfill(2))
        else:
            made.append(said)
    return made


def _as_dates(run: list[Said]) -> list[Said]:
    """The run with two digits for every day and month that is said to be one: "1. januar", "January 1st", "1. i 1."."""
    for at, said in enumerate(run):
        before = run[at - 1] if at else None
        after = run[at + 1] if at + 1 < len(run) else None
        if said.joined == "i" and before and len(before.digits) <= 2 and len(said.digits) <= 2:
            run[at - 1], run[at] = replace(before, digits=before.digits.zfill(2)), _two(said, "ordinal")
        elif said.kind == "month" and before and len(before.digits) <= 2 and before.kind != "month":
            run[at - 1] = replace(before, digits=before.digits.zfill(2))
        elif said.kind == "month" and after and len(after.digits) <= 2:
            run[at], run[at + 1] = replace(said, digits=after.digits.zfill(2)), replace(after, digits=said.digits)
    return run


def _two(said: Said, kind: str) -> Said:
    return replace(said, digits=said.digits.zfill(2), kind=kind)
