"""Finds CPR numbers written in digits, by the groups that the digits stand in."""

from collections.abc import Iterator

from hotline.privacy.cpr.context import Reading, is_clock, is_near
from hotline.privacy.cpr.groups import Group, groups_of
from hotline.privacy.cpr.number import number_of

# Lengths of the groups of digits in which people write a number: day, month, year of two or four digits, serial number.
_SHAPES = (
    (10,), (12,), (6, 4), (8, 4), (6, 2, 2), (8, 2, 2), (2, 2, 6), (2, 2, 8),
    (2, 2, 2, 4), (2, 2, 4, 4), (4, 2, 2, 4), (2, 2, 2, 2, 2), (2, 2, 4, 2, 2), (4, 2, 4),
    (1,) * 10, (1, 1, 1, 1, 1, 1, 4), (6, 1, 1, 1, 1), (2, 2, 2, 1, 1, 1, 1),
)  # fmt: skip
_LOST_NOUGHT = ((9,), (5, 4), (11,), (7, 4))  # which a spreadsheet took away
# In any other a number is written only by who cuts it up; where a ticket or a case is named before, it is that one's.
_WHOLE = frozenset({(10,), (12,), (6, 4), (8, 4), (2, 2, 2, 4), (2, 2, 4, 4), (4, 2, 2, 4)})
_TELEPHONE = 4  # pairs of digits
_LONGEST = 120  # characters, of a number and the words after it
_FAR = 7  # groups that are looked at to the left and to the right


def find(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Start, end and ten digits of every number, from left to right and without overlap."""
    groups = groups_of(reading.text)
    first = since = 0  # the first group, and the first character, that belong to no number yet
    for at in range(len(groups)):
        if at < first or _of_a_country(reading.text, groups[at].start):
            continue
        said = reading.says_cpr(groups[at].start)
        after = _match(reading, groups, first, since, at, said) or _match_named_after(reading, groups, at)
        if after is not None:
            count, number = after
            first, since = at + count, groups[at + count - 1].end
            yield groups[at].start, since, number


def _match(
    reading: Reading, groups: list[Group], first: int, since: int, at: int, said: bool
) -> tuple[int, str] | None:
    """How many groups from `at` on make a number, and its ten digits; None where none begins."""
    for count in _counts(groups, at, said):
        part = groups[at : at + count]
        number = number_of(_digits(part, said), any_century=said or _dashed(part))
        if number is None or (said and _a_postcode_apart(reading, part)):
            continue
        if said or not _something_else(reading, groups, first, since, at, count):
            return count, number
    return None


def _match_named_after(reading: Reading, groups: list[Group], at: int) -> tuple[int, str] | None:
    """As `_match`, for digits that are called a CPR number right after them: "01.01.19 1430 er min søns cpr"."""
    start = groups[at].start
    word = reading.word_after(start)
    if word is None or word - start > _LONGEST:
        return None
    for count in _counts(groups, at, said=True):
        part = groups[at : at + count]
        digits = _digits(part, said=True)
        number = number_of(digits, any_century=True)
        if number and reading.says_cpr_after(part[-1].end, digits[4:-4]):
            return None if reading.names_another(start) else (count, number)
    return None


def _of_a_country(text: str, start: int) -> bool:
    """Whether a telephone number with its country begins here."""
    return text[max(0, start - 1) : start] == "+" and not text[max(0, start - 2) : start - 1].isalnum()


def _counts(groups: list[Group], at: int, said: bool) -> list[int]:
    """How many groups from `at` on may make one number: known shapes, longest first; after the word CPR any."""
    shapes: list[int] = []
    others: list[int] = []
    lengths: tuple[int, ...] = ()
    for count, group in enumerate(groups[at : at + 10], start=1):
        joined = count == 1 or group.before is not None or (said and group.loose)
        whole_day = lengths in ((6,), (8,)) and len(group.digits) == 4
        if not joined and not (whole_day and (group.wrapped or group.signed)):
            break
        lengths += (len(group.digits),)
        if lengths in _SHAPES:
            shapes.append(count)
        elif said and (sum(lengths) in (10, 12) or lengths in _LOST_NOUGHT or _is_short_day(lengths)):
            others.append(count)
    return shapes[::-1] + others


def _is_short_day(lengths: tuple[int, ...]) -> bool:
    """A day and a month, of which one has one digit, a year and the four digits: 1.2.65-1237."""
    return len(lengths) == 4 and lengths[0] <= 2 and lengths[1] <= 2 and lengths[2] in (2, 4) and lengths[3] == 4


def _digits(part: list[Group], said: bool) -> str:
    lengths = tuple(len(group.digits) for group in part)
    if said and lengths in _LOST_NOUGHT:
        return "0" + "".join(group.digits for group in part)
    if said and _is_short_day(lengths):
        return "".join(group.digits.zfill(2) for group in part)
    digits = "".join(group.digits for group in part)
    year_first = len(digits) == 12 and "01" <= digits[4:6] <= "12"  # no day of the other order has such a century
    if year_first and (said or (_dashed(part) and not is_near(digits[:4]))):
        return digits[6:8] + digits[4:6] + digits[:4] + digits[8:]
    return digits


def _dashed(part: list[Group]) -> bool:
    """A dash before four digits that are neither a time of these years nor a year: after a whole date, a person's."""
    right, sign = part[-1], (part[-1].before or "").strip()
    if len(right.digits) != 4 or sign in ("", ".") or right.before != sign:
        return False
    near = "2015" <= part[-2].digits[-4:] <= "2035"
    return not (near and is_clock(right.digits)) and right.digits[:2] not in ("19", "20")


def _a_postcode_apart(reading: Reading, part: list[Group]) -> bool:
    """Whether the last four digits are a town's, after a blank or a line's end: "cpr 010165, 8800 Viborg"."""
    right = part[-1]
    apart = (
        len(part) > 1 and len(right.digits) == 4 and right.before is None and reading.text[right.start - 1].isspace()
    )
    return apart and reading.a_place_follows(right.end)


def _something_else(reading: Reading, groups: list[Group], first: int, since: int, at: int, count: int) -> bool:
    """Digits of the right shape that mean another thing: a telephone number, a date with its time, an account."""
    part = groups[at : at + count]
    before = groups[at - 1] if at > first and part[0].before is not None else None
    after = groups[at + count] if at + count < len(groups) and groups[at + count].before is not None else None
    if count == 1:
        return _another_number(reading, since, part[0], before)
    if part[-1].signed and is_near(part[0].digits[4:]):
        return True
    if _is_cut_up(part) and reading.names_another(part[0].start):
        return True
    if part[-1].before is None:  # a line's end within
        column = groups[at + count : at + count + 1]
        in_column = bool(column) and column[0].wrapped and len(column[0].digits) == 4
        return after is not None or in_column or reading.a_place_follows(part[-1].end)
    return _goes_on(reading, groups, first, at, count) or _a_date_and_more(reading, part)


def _is_cut_up(part: list[Group]) -> bool:
    """Whether the digits stand as nobody writes a number who was not asked for one: in other groups, or without its
    dash."""
    lengths = tuple(len(group.digits) for group in part)
    return lengths not in _WHOLE or (lengths == (6, 4) and (part[-1].before or "").isspace())


def _another_number(reading: Reading, since: int, ten: Group, before: Group | None) -> bool:
    """Digits in one go that words, letters or a part before them make an order's, an account's, a case's."""
    if reading.names_another(ten.start) or reading.in_an_identifier(since, ten.start):
        return True
    if before is None:
        return False
    apart = before.before is None and 2 <= len(before.digits) <= 5 and ten.before in ("-", "/", "\u2013")
    return apart or reading.in_an_account(ten.start)


def _goes_on(reading: Reading, groups: list[Group], first: int, at: int, count: int) -> bool:
    """Pairs or single digits that go on to the left or to the right: telephone numbers, counting."""
    left, right, end = groups[at], groups[at + count - 1], at + count
    if len(left.digits) <= 2 and at > first and left.before is not None and not _signs_then_blank(groups[at - 1], left):
        alike = _alike(left, groups[max(first, at - _FAR) : at][::-1])
        country = 1 if _sign(reading.text, groups[at - alike]) == "+" else 0
        telephone = len(left.digits) == 2 and alike - country == _TELEPHONE
        sign = _sign(reading.text, groups[at - 1])  # a colon: the end of a time
        if sign == "+" or (alike > 0 and sign != ":" and not telephone):
            return True
    if len(right.digits) <= 2 and end < len(groups) and groups[end].before is not None:
        if end + 1 < len(groups) and _signs_then_blank(groups[end + 1], right):
            return False  # a date comes next
        alike = _alike(right, groups[end : end + _FAR])
        return alike > 0 and not (alike == _TELEPHONE and len(right.digits) == 2)
    return False


def _signs_then_blank(other: Group, here: Group) -> bool:
    """Whether blanks join the pairs here and signs those there: "12.03.24 01 01 65 12 37"."""
    return bool((other.before or "").strip()) and (here.before or "").isspace()


def _alike(one: Group, others: list[Group]) -> int:
    """How many of the others, from the first on, hold as many digits as this one."""
    return next((at for at, other in enumerate(others) if len(other.digits) != len(one.digits)), len(others))


def _sign(text: str, group: Group) -> str:
    return text[max(0, group.start - 1) : group.start]


def _a_date_and_more(reading: Reading, part: list[Group]) -> bool:
    """A date, then a time, a sum of money, a town or the rest of a version: "12.03.24 14.30", "12.03.24 1430"."""
    joins = [group.before or "" for group in part[1:]]
    right = part[-1]
    if len(right.digits) == 2:
        day = "".join(group.digits for group in part)[4:-4]
        return is_near(day) and joins[-1].strip() != "" and len(set(joins)) > 1
    if len(right.digits) != 4:
        return False
    if set(joins) == {"."} and reading.says_version(part[0].start):
        return True
    separated = len(part) == 4 and all(join.strip() for join in joins[:2])
    year = "".join(group.digits for group in part[:-1])[4:]
    near = is_near(year)
    unglued = near and not reading.text[right.end : right.end + 1].isalpha()  # "120324 1430kr" may be a person
    if (separated or unglued) and joins[-1] != joins[-1].strip() and reading.an_amount_ends(right.end):
        return True
    if joins[-1].strip() or not joins[-1]:
        return False
    # From here on a date, a blank and four digits.
    called = (separated or len(part) == 2) and reading.says_day(part[0].start)
    if (separated or called) and near and is_clock(right.digits):
        return True
    a_day = (near and (separated or called or reading.says_move(part[0].start))) or (separated and called)
    return a_day and reading.a_place_follows(right.end)
