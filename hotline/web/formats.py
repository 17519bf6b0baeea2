"""Figures and times as Danish and English readers write them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal, format_percent

from hotline.clock import DANISH_TIME

LOCALES = {"da": "da_DK", "en": "en_GB"}
UNITS = {"da": ("t", "min", "s"), "en": ("h", "min", "s")}
NOTHING = "–"


@dataclass(frozen=True)
class Formats:
    """Writes values for readers of `language`; None becomes a dash."""

    language: str

    def number(self, value: float | None) -> str:
        """1234 becomes 1.234 in Danish and 1,234 in English."""
        return NOTHING if value is None else _decimal(value, None, self._locale)

    def decimal(self, value: Decimal, least: int = 2) -> str:
        """1234.5 becomes 1.234,50 in Danish; `least` decimals, and as many more as it has, up to six."""
        pattern = "#,##0." + "0" * least + "#" * (6 - least)
        return _decimal(value, pattern, self._locale)

    def percent(self, share: float | None) -> str:
        """A share of 0 to 1 as whole per cent; `<1 %` and `>99 %` are nearly nothing and nearly all, never 0 or 100."""
        if share is None:
            return NOTHING
        sign = "<" if 0 < share < 0.01 else ">" if 0.99 < share < 1 else ""
        near = {"<": 0.01, ">": 0.99}.get(sign, share)
        return sign + _percent(near, self._locale)

    def duration(self, seconds: float | None) -> str:
        """Seconds as people say them: 45 s, 3 min 20 s, 1 t 5 min."""
        if seconds is None:
            return NOTHING
        hour, minute, second = UNITS[self.language]
        whole = max(0, round(seconds))
        hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
        if hours:
            return f"{self.number(hours)} {hour} {minutes} {minute}"
        if minutes:
            return f"{minutes} {minute} {rest} {second}" if rest else f"{minutes} {minute}"
        return f"{rest} {second}"

    def clock(self, moment: datetime | str) -> str:
        """The time of day on a Danish wall clock."""
        pattern = "HH.mm" if self.language == "da" else "HH:mm"
        return format_datetime(as_moment(moment), pattern, tzinfo=DANISH_TIME, locale=self._locale)

    def when(self, moment: datetime | str, now: datetime) -> str:
        """The time of day, with its day where that is not today's, and with its year where it is not this one's."""
        day, today = as_moment(moment).astimezone(DANISH_TIME).date(), now.astimezone(DANISH_TIME).date()
        if day == today:
            return self.clock(moment)
        pattern = ("d. MMM" if self.language == "da" else "d MMM") + (" y" if day.year != today.year else "")
        return f"{self.day(day, pattern)}{' kl. ' if self.language == 'da' else ', '}{self.clock(moment)}"

    def moment(self, moment: datetime | str) -> str:
        """The day in digits and the time of day, by a Danish calendar and wall clock."""
        return f"{self.day(as_moment(moment).astimezone(DANISH_TIME).date(), 'short')} {self.clock(moment)}"

    def hours(self, opens: time, closes: time) -> str:
        """From when until when, by a wall clock; time.max is midnight, the end of the day."""
        sign = "." if self.language == "da" else ":"
        end = f"24{sign}00" if closes == time.max else f"{closes:%H{sign}%M}"
        return f"{opens:%H{sign}%M}–{end}"

    def weekdays(self, first: int, last: int) -> str:
        """One day or a row of days; 0 is Monday."""
        names = get_day_names("wide", locale=self._locale)
        return str(names[first]) if first == last else f"{names[first]}–{names[last]}"

    def special_day(self, written: str) -> str:
        """`2026-12-23` with its year; `12-24`, which is every year's, without."""
        if written.count("-") == 2:
            return self.day(date.fromisoformat(written), "long")
        return self.day(date.fromisoformat(f"2000-{written}"), "d. MMMM" if self.language == "da" else "d MMMM")

    def day(self, day: date, style: str = "long") -> str:
        """A day as a date; `style` is a babel style or pattern."""
        return format_date(day, style, locale=self._locale)

    def language_name(self, code: str) -> str:
        """What a language is called that is said by its ISO 639 code; the code itself where it has no name."""
        names = Locale.parse(self._locale).languages
        name = names.get(code) or names.get(get_global("language_aliases").get(code, code))
        return name[:1].upper() + name[1:] if name else code

    @property
    def _locale(self) -> str:
        return LOCALES[self.language]


@lru_cache(maxsize=10_000, typed=True)  # a page of all municipalities has a thousand, and each takes Babel 25 µs
def _decimal(value: float | Decimal, pattern: str | None, locale: str) -> str:
    return str(format_decimal(value, format=pattern, locale=locale))


@lru_cache(maxsize=10_000)
def _percent(share: float, locale: str) -> str:
    return str(format_percent(share, format="#,##0 %", locale=locale))


def as_moment(value: datetime | str) -> datetime:
    """The moment itself, aware, also where it comes as in JSON (RFC 3339)."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
