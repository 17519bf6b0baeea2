"""The rules of a collaboration, each declared once: commands, the page of rules and the journal of changes read this.

A new one is a column of Collaboration, a line here and its words in the catalogues: `rules.rule.<name>`, and for a
choice `rules.choice.<name>.yes` and `.no`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.directory.errors import BadRule


class Kind(StrEnum):
    """What a rule says."""

    DAYS = "days"
    SECONDS = "seconds"
    NUMBER = "number"
    CHOICE = "choice"
    LETTER = "letter"


@dataclass(frozen=True)
class Rule:
    """A column of a collaboration. It says `least` to `most`, or, where it `may_be_none`, nothing; `help` tells of it
    to whoever gives the command, where `off` is the name of a choice's other side."""

    name: str
    kind: Kind
    help: str
    least: int | str = 0
    most: int | str = 0
    may_be_none: bool = False
    off: str = ""

    def must_fit(self, value: object) -> None:
        """Raises BadRule for what this rule cannot say."""
        if self.kind is Kind.CHOICE:
            fits = isinstance(value, bool)
        elif self.kind is Kind.LETTER:
            fits = isinstance(value, str) and len(value) == 1 and str(self.least) <= value <= str(self.most)
        elif value is None:
            fits = self.may_be_none
        else:
            fits = type(value) is int and int(self.least) <= value <= int(self.most)
        if not fits:
            why = self.kind if self.kind in (Kind.LETTER, Kind.CHOICE) else "limit" if self.may_be_none else Kind.NUMBER
            raise BadRule(why=str(why), rule=self.name, least=self.least, most=self.most, value=str(value))


MOST_DAYS = 36_500  # retention counts days back from now, which must stay in the calendar

RULES = (
    Rule("identity_days", Kind.DAYS, "Days after its end that an inquiry's citizen and kept CPR numbers are erased.",
         1, MOST_DAYS),
    Rule("text_days", Kind.DAYS, "Days after its end that texts and notes are erased.", 1, MOST_DAYS),
    Rule("hand_over_notes", Kind.CHOICE, "Erase no note before it has been handed over."),
    Rule("keep_cpr", Kind.CHOICE, "Let the agent have a CPR number shown."),
    Rule("always_open", Kind.CHOICE, "Open at any time, or as the hours say.", off="by-hours"),
    Rule("queue_limit", Kind.NUMBER,
         "So many may wait before calls and chats are told that it is full; `none` for any.", 0, 1_000_000, True),
    Rule("redial_seconds", Kind.SECONDS, "Seconds in which a caller who rings again takes their old place.", 0, 86_400),
    Rule("home_first_seconds", Kind.SECONDS,
         "Seconds from arrival for which a citizen's own municipality is asked alone.", 0, 86_400),
    Rule("partner_seconds", Kind.SECONDS, "Seconds after that for which its partners are asked before all members.",
         0, 86_400),
    Rule("sl_formula", Kind.LETTER, "The formula of the service level, A to F.", "A", "F"),
    Rule("sl_percent", Kind.NUMBER, "Per cent that are to be answered within the target, by that formula.", 1, 100),
)  # fmt: skip


def must_fit(said: Mapping[str, object]) -> None:
    """Raises BadRule for the first of these rules, by name, that cannot say what it is to."""
    for rule in RULES:
        if rule.name in said:
            rule.must_fit(said[rule.name])
