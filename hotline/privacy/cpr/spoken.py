"""Finds CPR numbers said in words, as speech recognition writes them: "nul et nul et femogtres 12 syvogtredive"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from unicodedata import digit

from hotline.privacy.cpr.context import cpr_words, said_to_be_cpr
from hotline.privacy.cpr.number import number_of

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
_TO_NINE = (  # who speaks these says a number digit by digit
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "нуль один два три чотири п'ять шість сім вісім дев'ять",
    "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة",
    "صفر واحد اثنين ثلاثه اربعة خمسه سته سبعه ثمانيه تسعه",
    "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
    "zero unu doi trei patru cinci șase șapte opt nouă",
    "noll ett två tre fyra fem sex sju åtta nio",
    "null en to tre fire fem seks sju åtte ni",
)
_ALSO = {"et": "1", "én": "1", "ét": "1", "eins": "1", "zwo": "2", "oh": "0", "o": "0", "nought": "0"}
_BETWEEN = {"og", "and", "und", "streg", "bindestreg", "dash", "hyphen", "minus", "strich", "bindestrich", "øh", "æh"}
# Digits that are also a word of their own: "det er en to fire nul ...", "numer CPR to ..."
_ARTICLES = {"en", "et", "one", "ein", "o", "to"}
_WORD = re.compile(r"\d+|[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_GAP = re.compile(r"[\s,./\-\u2010-\u2015]{1,4}")


def _words() -> dict[str, str]:
    """The digits of every number word from 0 to 99."""
    digits = _ALSO | {word: str(value) for units in _TO_NINE for value, word in enumerate(units.split())}
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
_THREE_IN_A_ROW = b"\1" * 3  # as few as a number half in digits has: "010165 tolv syvogtredive"
_ENGLISH_TENS = set(_TENS[1].split())


@dataclass(frozen=True)
class _Said:
    """One number word, several that make one number below a hundred ("fem og tres", "sixty five"), or digits."""

    start: int
    end: int
    word: str
    digits: str


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten digits of every number said in words, from left to right and without overlap."""
    every = _WORD.findall(text.casefold())
    if not any(map(_DIGITS.__contains__, every)) or _THREE_IN_A_ROW not in bytes(map(_continues, every)):
        return
    words = cpr_words(text)
    for run in _runs(text):
        whole = _found(text, words, run)
        if whole:
            yield whole
            continue
        for in_digits, part in groupby(run, key=lambda said: said.word.isdecimal()):
            found = None if in_digits else _found(text, words, list(part))
            if found:
                yield found


def _found(text: str, words: list[int], run: list[_Said]) -> tuple[int, int, str] | None:
    """Where the number stands that the whole run makes, its first word aside if need be; else one it begins with."""
    said = said_to_be_cpr(text, words, run[0].start)
    for whole in (True, False) if said else (True,):
        for first in (0, 1) if run[0].word in _ARTICLES and len(run) > 1 else (0,):
            count, number = _number(run[first:], said, whole)
            if number:
                return run[first].start, run[first + count - 1].end, number
    return None


def _continues(word: str) -> bool:
    return word.isdecimal() or word in _BETWEEN or word.replace("\u2019", "'") in _DIGITS


def _runs(text: str) -> Iterator[list[_Said]]:
    """Number words that follow each other, with nothing but signs and words such as "streg" between."""
    run: list[_Said] = []
    end, joined = 0, ""
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("\u2019", "'")
        if run and not (_GAP.fullmatch(text, end, match.start()) and _continues(word)):
            yield run
            run = []
        if word.isdecimal():
            run.append(_Said(match.start(), match.end(), word, "".join(str(digit(one)) for one in word)))
        elif word in _DIGITS:
            _append(run, _Said(match.start(), match.end(), word, _DIGITS[word]), joined)
        joined, end = word, match.end()
    if run:
        yield run


def _append(run: list[_Said], said: _Said, joined: str) -> None:
    """Put one more word to the run, or make one number of it and the last: "fem og" + "tres", "sixty" + "five"."""
    last = run[-1] if run and not run[-1].word.isdecimal() else said
    below_ten, tens = last.digits in _ONE_TO_NINE, said.digits[1:] == "0" and said.digits != "10"
    if last is not said and below_ten and tens and joined in ("og", "und"):
        run[-1] = replace(last, end=said.end, word=said.word, digits=said.digits[0] + last.digits)
    elif last is not said and last.word in _ENGLISH_TENS and joined == last.word and said.digits in _ONE_TO_NINE:
        run[-1] = replace(last, end=said.end, word=said.word, digits=last.digits[0] + said.digits)
    else:
        run.append(said)


def _number(run: list[_Said], said: bool, whole: bool) -> tuple[int, str | None]:
    """How many of the words make a number, and its ten digits: all of them, or as many as needed unless `whole`."""
    digits, in_words = "", False
    for count, one in enumerate(run, start=1):
        digits += one.digits
        in_words = in_words or not one.word.isdecimal()
        if in_words and len(digits) in (10, 12) and (count == len(run) or not whole):
            number = number_of(digits, any_century=said)
            if number:
                return count, number
        if len(digits) > 12:
            break
    return 0, None
