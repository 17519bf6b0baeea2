"""Finds CPR numbers told in two parts, in either order: the day of birth, and "the last four"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hotline.privacy.cpr.context import Reading, is_near
from hotline.privacy.cpr.number import number_of
from hotline.privacy.cpr.tokens import Said

_FOUR = r"(?:fire|4|four|vier)"
_DIGITS = r"(?:\s(?:ci[fp]re|cifrene|tal|numre|digits|numbers|ziffern))?"
_ONLY_FOUR = "[0-9]{4}(?![0-9])"
_LABEL = re.compile(
    rf"(?P<own>løbe-?\s?n(?:umme)?r|(?:kontrol|slut)-?\s?ci[fp]+r?e?\w{{0,3}}|control digits?)\.?"
    rf"|(?:de\s)?(?:sidste|seneste|last|final|letzten|bageste)[\s_-]?{_FOUR}{_DIGITS}|{_FOUR}{_DIGITS}\s?(?:sidste|bageste)"
    rf"(?:\sci[fp]re|\stal)?|last[\s_-]?(?:4|four)|(?:ender|slutter|ending|ends|endet)\s(?:på|med|in|with|mit|auf)"
    rf"|endelsen?|sidste(?=\s?:)|de\s{_FOUR}(?=\s(?:er|is)\s{_ONLY_FOUR})|(?<=\d{{4}}\s)(?:til\ssidst|bagefter)"
    rf"|(?:de\s)?(?:sidste|bageste)(?:\s(?:tal|ci[fp]re|numre))?(?=\s?(?:er\s|[:=]\s?)?{_ONLY_FOUR})"
    rf"|(?P<masked>(?<!\w)(?:(?:[x*#]{{6}}|ddmm[yå]{{2}})[- ]?"
    rf"|[x*#]{{4}}\s?(?:(?:er|is)\s|[:=(\[]\s?))(?={_ONLY_FOUR}))",
    re.IGNORECASE,
)
# Without one of these in a text no label is in it; a mask of mixed signs has one of the last two.
_LABEL_STEMS = ("sidste", "seneste", "bageste", "last", "final", "letzt", "til sidst", "løbe", "kontrol", "slut",
                "control", "ende", "endi", "ends", "bagefter", "de fire", "de 4", "xxxx", "ddmm", "*", "#")  # fmt: skip
_BIRTH_STEMS = ("cpr", "person", "født", "fødsel", "born", "birth", "gebor", "geburt")
_TO_THE_FOUR = re.compile(r"[^\d\[]{0,40}")
_FROM_THE_FOUR = re.compile(
    r"[\s,\"')]{0,3}(?:(?:er|som|is|are|as|det|mine|hans|hendes|the|de|var|sind)\s){0,3}[\s(\[]{0,2}", re.IGNORECASE
)
_OTHER = re.compile(
    r"kort\b|kortet|konto|dankort|\bvisa|master|telefon|\btlf|mobil|\bphone|ordre|sag\b|sagsn|faktura|\bcard|account|iban"
    r"|stelnummer|nummerplade|udløber|expir", re.IGNORECASE,
)  # fmt: skip
_THEN = re.compile(
    r"\s?[,;.]?\s?(?:(?:og\s)?så(?:\skommer)?|(?:og\s)?derefter|efterfulgt\saf|plus|og|med|(?:and\s)?then|and|und|dann)"
    r"\s|\s?[,;.]?\s?(?:(?:og|and|und)\s)?(?:(?:mit|min|hans|hendes|my|the|de|mine)\s)?"
    r"(?:kode[nr]?|code|n(?:umme|umbe)?r(?:et)?|cifre(?:ne)?|digits|tal(?:lene)?|resten)\.?"
    r"(?:\s(?:er|is|are|ist)|\s?[:=])?\s"
    r"|\s?[(\[]|,\s|\s?[-/]{1,2}\s?|\s",
    re.IGNORECASE,
)
# "01-01-65 (1237)", "(01-01-65) 1237": what else stands so beside a day is an amount, a town, or a time of these years.
_BESIDE = re.compile(rf"[)\]]?\s{{0,2}}[(\[]\s?(?={_ONLY_FOUR}\s?[)\]])|(?:[)\]]\s{{1,2}}|\s/\s)(?={_ONLY_FOUR})")
_FARTHEST = 100  # characters between the two parts
_GAP = re.compile(r"\s?[./-]\s?|(?:\.|st|nd|rd|th)?,?\s|\s?,\s|\.?\si\s", re.IGNORECASE)


@dataclass(frozen=True)
class _Part:
    start: int
    end: int
    digits: str


def find(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten digits of every such number; the finding reaches from the one part to the other."""
    labelled = any(map(reading.lower.__contains__, _LABEL_STEMS))
    born = any(map(reading.lower.__contains__, _BIRTH_STEMS))
    if not (labelled or born or _BESIDE.search(reading.text)):
        return
    said = reading.said
    births = list(_births(reading, said))
    if not births:
        return
    ends = [birth.end for birth in births]
    starts = {birth.start: birth.end for birth in births}
    for label in _LABEL.finditer(reading.text) if labelled else ():
        four = _four_of(reading, said, starts, label)
        if four is None:
            continue
        first, last = min(four.start, label.start()), max(four.end, label.end())
        near = [birth for birth in births[max(0, bisect_right(ends, first) - 1) :][:4]
                if 0 <= first - birth.end <= _FARTHEST or 0 <= birth.start - last <= _FARTHEST]  # fmt: skip
        for birth in near:
            start, end = min(birth.start, four.start), max(birth.end, four.end)
            number = number_of(birth.digits + four.digits, any_century=True)
            told = (
                label["own"] or label["masked"] or reading.says_cpr(start) or reading.speaks_of_birth(start, end + 30)
            )
            named_from = label.start() if told else min(start, label.start())
            another = label["own"] is None and (
                _OTHER.search(reading.text, max(0, named_from - 25), last) or _a_town_or_an_amount(reading, four)
            )
            if number and not another and (told or not is_near(birth.digits[4:])):  # nothing else has such a day
                yield start, end, number
                break
    for birth in births:
        four = _next_four(reading, said, starts, birth)
        number = number_of(birth.digits + four.digits, any_century=True) if four else None
        if four and number:
            yield birth.start, four.end, number


def _births(reading: Reading, said: list[Said]) -> Iterator[_Part]:
    """Days that somebody may be born on: in one group, in three, or digit by digit."""
    for at, first in enumerate(said):
        if reading.text[max(0, first.start - 1) : first.start].isdecimal():
            continue
        for count in (1, 3):
            part = said[at : at + count]
            if len(part) == count and all(_joined(reading, *pair) for pair in pairwise(part)):
                digits = _day(part)
                if digits:
                    yield _Part(first.start, part[-1].end, digits)
                    break
        else:
            digits, end = "", at
            while end < len(said) and len(digits) < 6 and (end == at or _joined(reading, said[end - 1], said[end])):
                digits += said[end].digits
                end += 1
            if len(digits) == 6 and end - at > 3 and number_of(digits + "1000", any_century=True):
                yield _Part(first.start, said[end - 1].end, digits)


def _day(part: list[Said]) -> str | None:
    """DDMMYY or DDMMYYYY, where the groups are a day."""
    if len(part) == 1:
        digits = part[0].digits
        if part[0].kind != "digits" or len(digits) not in (5, 6, 7, 8):
            return None
        digits = digits.zfill(len(digits) + len(digits) % 2)
    else:
        day, month, year = (one.digits for one in part)
        if len(day) == 4:  # 1965-01-01
            day, year = year, day
        if not (1 <= len(day) <= 2 and 1 <= len(month) <= 2 and len(year) in (2, 4)):
            return None
        digits = day.zfill(2) + month.zfill(2) + year
    return digits if any(number_of(f"{digits}{seventh}000", any_century=True) for seventh in "04") else None


def _joined(reading: Reading, left: Said, right: Said) -> bool:
    return right.start - left.end <= 4 and _GAP.fullmatch(reading.text, left.end, right.start) is not None


def _four_of(reading: Reading, said: list[Said], births: dict[int, int], label: re.Match[str]) -> _Part | None:
    """The four digits that a label names: those after it, else those right before it; `births` are days, by start."""
    after = bisect_left(reading.said_starts, label.end())
    if after < len(said) and _TO_THE_FOUR.fullmatch(reading.text, label.end(), said[after].start):
        four = _four(reading, said, births, after)
        if four and births.get(four.start) != four.end:  # 1.1.65 is four digits, too
            return four
    before = bisect_left(reading.said_starts, label.start()) - 1
    if before < 0 or not _FROM_THE_FOUR.fullmatch(reading.text, said[before].end, label.start()):
        return None
    for at in range(before, max(-1, before - 4), -1):
        four = _four(reading, said, births, at)
        if four and four.end == said[before].end:
            return four
    return None


def _four(reading: Reading, said: list[Said], births: dict[int, int], at: int) -> _Part | None:
    """Exactly four digits from here on, which no others run into but a day."""
    digits, end = "", at
    while end < len(said) and len(digits) < 4 and (end == at or _joined(reading, said[end - 1], said[end])):
        digits += said[end].digits
        end += 1
    following = said[end : end + 1]
    alone = (
        not following
        or following[0].start - said[end - 1].end > 1
        or following[0].start in births
        or not _joined(reading, said[end - 1], following[0])
    )
    return _Part(said[at].start, said[end - 1].end, digits) if len(digits) == 4 and alone else None


def _next_four(reading: Reading, said: list[Said], births: dict[int, int], birth: _Part) -> _Part | None:
    """Four digits that follow a day which is said to be somebody's, "født 010165 og så 1237", or stand in brackets."""
    after = bisect_left(reading.said_starts, birth.end)
    if after == len(said) or said[after].start - birth.end > 25:
        return None
    theirs = reading.says_cpr(birth.start) or reading.is_born(birth.start)
    if theirs:
        joined = _THEN.fullmatch(reading.text, birth.end, said[after].start) is not None
    else:
        beside = _BESIDE.match(reading.text, birth.end)
        joined = beside is not None and beside.end() == said[after].start and _stands_alone(reading, birth)
    if not joined:
        return None
    four = _four(reading, said, births, after)
    return None if four is None or _a_town_or_an_amount(reading, four) else four


def _stands_alone(reading: Reading, birth: _Part) -> bool:
    """Whether nothing tells that a day is anything but somebody's: it is too long ago, and no order's, no version."""
    another = reading.names_another(birth.start) or reading.says_version(birth.start)
    return not (another or is_near(birth.digits[-2:]))


def _a_town_or_an_amount(reading: Reading, four: _Part) -> bool:
    return reading.a_place_follows(four.end) or reading.an_amount_ends(four.end)
