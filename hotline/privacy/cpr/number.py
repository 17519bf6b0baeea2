"""Which digits may be a CPR number: a day that was, and a seventh digit that fits the year."""

from datetime import date


def number_of(digits: str, *, any_century: bool = False) -> str | None:
    """The ten digits of a possible CPR number; None when it is none.

    Comes in: ten digits, or twelve with the year in full. That year must be the one the seventh digit tells, unless
    `any_century`: people invent and mistype numbers, and who calls it a CPR number is believed.
    """
    if len(digits) == 10:
        return digits if is_day(digits[:6], digits[6]) else None
    if len(digits) != 12:
        return None
    short = digits[:4] + digits[6:]
    if is_day(short[:6], short[6]) and _century(short) == digits[4:6]:
        return short
    year = int(digits[4:8])
    return short if any_century and 1858 <= year <= 2057 and _exists(year, *_day_and_month(short)) else None


def is_day(six: str, seventh: str | None = None) -> bool:
    """Whether DDMMYY is a day in the calendar; replacement numbers have 60 added to the day."""
    day, month = _day_and_month(six)
    centuries = ("19", "20") if seventh is None else (_century(six + seventh),)
    return any(_exists(int(century + six[4:6]), day, month) for century in centuries)


def _day_and_month(six: str) -> tuple[int, int]:
    day = int(six[:2])
    return day - 60 if day > 60 else day, int(six[2:4])


def _century(number: str) -> str:
    """The first two digits of the year of birth, which the seventh digit tells. Modulus 11 tells nothing since 2007."""
    year, seventh = int(number[4:6]), int(number[6])
    if seventh <= 3:
        return "19"
    if seventh in (4, 9):
        return "20" if year <= 36 else "19"
    return "20" if year <= 57 else "18"


def _exists(year: int, day: int, month: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
