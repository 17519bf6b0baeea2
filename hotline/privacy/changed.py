"""Changed(): what a rule said before and after it was changed, in the reader's language.

The lines of changes hold what the commands print, in English: `0860 from 2027-01-01`, `mon-fri 08:00-16:00`, `yes`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hotline.directory.wall_hours import DAYS, TIMES, read_times
from hotline.web.formats import NOTHING, Formats

_DAY = "|".join(DAYS)
_TOKEN = re.compile(
    rf"(?P<date>\d{{4}}-\d\d-\d\d)|(?P<times>{TIMES})|(?P<yearly>\b\d\d-\d\d\b)|(?P<rate>\b\d+\.\d\d\b)|(?P<share>\b\d+%)"
    rf"|(?P<week>\b(?:{_DAY})(?:-(?:{_DAY}))?\b)|(?P<place>\b\d{{4}}\b)|(?P<word>as usual|[a-z][a-z0-9-]*)"
)
_WORDS = frozenset({"yes", "no", "none", "from", "until", "closed", "as usual", "again", "within", "owes", "minutes",
                    "inquiries", "inhabitants", "hours"})  # fmt: skip
_OF_ONE = frozenset({"partners", "kept", "day"})  # the place or the day first, then what it says
_OF_PLACES = frozenset({"member", "partners", "kept", "settlement"})


@dataclass(frozen=True)
class Changed:
    """Puts the value of a rule into words; `places` are municipalities' names by code, `topics` theirs by slug."""

    t: Callable[..., str]
    fmt: Formats
    places: Mapping[str, str]
    topics: Mapping[str, str]

    def says(self, rule: str, written: str | None) -> str:
        """The same for people; a name, and what is not known, as it was written."""
        if written is None or rule == "name":
            return NOTHING if written is None else written
        parts = written.split(" ", 1) if rule in _OF_ONE else [written]
        return ": ".join(_TOKEN.sub(lambda found: self._word(rule, found), part) for part in parts)

    def _word(self, rule: str, found: re.Match[str]) -> str:
        token = found[0]
        match found.lastgroup:
            case "date":
                return self.fmt.day(date.fromisoformat(token))
            case "yearly":
                return self.fmt.special_day(token)
            case "times":
                return self.fmt.hours(*read_times("", [token])[0])
            case "week":
                first, _, last = token.partition("-")
                return self.fmt.weekdays(DAYS.index(first), DAYS.index(last or first))
            case "rate":
                return self.t("rules.kroner", sum=self.fmt.decimal(Decimal(token)))
            case "share":
                return self.fmt.percent(int(token[:-1]) / 100)
            case "place":
                return self.places.get(token, token) if rule in _OF_PLACES else token
        if rule == "kept" and token in self.topics:
            return self.topics[token]
        return self.t(f"rules.value.{token.replace(' ', '_')}") if token in _WORDS else token
