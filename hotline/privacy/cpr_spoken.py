"""Finds CPR numbers said in words, as speech recognition writes them: "nul et nul et femogtres tolv syvogtredive"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hotline.privacy.cpr_context import cpr_words, said_to_be_cpr
from hotline.privacy.cpr_number import number_of

_BELOW_TWENTY = (
    "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
)
_TENS = (
    "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems",
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
)
_AND = ("og", "", "und")
_ALSO = {"et": "1", "én": "1", "ét": "1", "eins": "1", "zwo": "2", "oh": "0", "o": "0", "nought": "0"}
_BETWEEN = {"og", "and", "und", "streg", "bindestreg", "dash", "hyphen", "minus", "strich", "bindestrich", "øh", "æh"}
_ARTICLES = {"en", "et", "one", "ein", "o"}  # digits that are also a word of their own: "det er en to fire nul ..."
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[\s,.\-\u2010-\u2015]{1,4}")


def _words() -> dict[str, str]:
    """The digits of every number word from 0 to 99."""
    digits = dict(_ALSO)
    for below, tens, joint in zip(_BELOW_TWENTY, _TENS, _AND, strict=True):
        units = below.split()
        digits |= {word: str(value) for value, word in enumerate(units)}
        for ten, word in enumerate(tens.split(), start=2):
            digits[word] = f"{ten}0"
            if joint:
                digits |= {f"{unit}{joint}{word}": f"{ten}{one}" for one, unit in enumerate(units[:10]) if one}
    return {word.casefold(): value for word, value in digits.items()}


_DIGITS = _words()
_ONE_TO_NINE = set("123456789")
_KNOWN = _DIGITS.keys() | _BETWEEN
_FIVE_IN_A_ROW = b"\1" * 5  # as few words as a number said in pairs has
_ENGLISH_TENS = set(_TENS[1].split())


@dataclass(frozen=True)
class _Said:
    """One number word, or several that make one number below a hundred: "fem og tres", "sixty five"."""

    start: int
    end: int
    word: str
    digits: str


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten digits of every number said in words, from left to right and without overlap."""
    if _FIVE_IN_A_ROW not in bytes(map(_KNOWN.__contains__, _WORD.findall(text.casefold()))):
        return
    words = cpr_words(text)
    for run in _runs(text):
        for first in (0, 1) if run[0].word in _ARTICLES and len(run) > 1 else (0,):
            count, number = _number(run[first:], said_to_be_cpr(text, words, run[first].start))
            if number:
                yield run[first].start, run[first + count - 1].end, number
                break


def _runs(text: str) -> Iterator[list[_Said]]:
    """Number words that follow each other, with nothing but signs and words such as "streg" between."""
    run: list[_Said] = []
    end, joined = 0, ""
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        gap = _GAP.fullmatch(text, end, match.start()) is not None
        if run and not (gap and (word in _DIGITS or word in _BETWEEN)):
            yield run
            run = []
        if word in _DIGITS:
            _append(run, _Said(match.start(), match.end(), word, _DIGITS[word]), joined)
        joined, end = word, match.end()
    if run:
        yield run


def _append(run: list[_Said], said: _Said, joined: str) -> None:
    """Put one more word to the run, or make one number of it and the last: "fem og" + "tres", "sixty" + "five"."""
    last = run[-1] if run else said
    below_ten, tens = last.digits in _ONE_TO_NINE, said.digits[1:] == "0" and said.digits != "10"
    if run and below_ten and tens and joined in ("og", "und"):
        run[-1] = replace(last, end=said.end, word=said.word, digits=said.digits[0] + last.digits)
    elif run and last.word in _ENGLISH_TENS and joined == last.word and said.digits in _ONE_TO_NINE:
        run[-1] = replace(last, end=said.end, word=said.word, digits=last.digits[0] + said.digits)
    else:
        run.append(said)


def _number(run: list[_Said], said: bool) -> tuple[int, str | None]:
    """How many of the words make a number, and its ten digits: all of them, or after the word CPR as many as needed."""
    digits = ""
    for count, one in enumerate(run, start=1):
        digits += one.digits
        if len(digits) in (10, 12) and (said or count == len(run)):
            number = number_of(digits, any_century=said)
            if number:
                return count, number
        if len(digits) > 12:
            break
    return 0, None
