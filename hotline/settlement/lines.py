"""What a month is reckoned from, and what comes of it. Pure.

Quantities are thousandths of a unit, rates millionths of a krone for one unit, amounts øre: whole numbers all of them.
A quantity and an amount below nought are owed by the municipality, those above it to the municipality.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hotline.settlement.terms import Unit
from hotline.settlement.work import Work

MILLION = 1_000_000
ORE = 100  # in a krone


class Kind(StrEnum):
    """What a line is for."""

    INQUIRIES_GIVEN = "inquiries_given"
    INQUIRIES_GOT = "inquiries_got"
    MINUTES_GIVEN = "minutes_given"
    MINUTES_GOT = "minutes_got"
    INHABITANTS = "inhabitants"
    WORK = "work"
    HOURS_GIVEN = "hours_given"
    HOURS_OWED = "hours_owed"
    HOURS_EVENED = "hours_evened"
    CORRECTION = "correction"


UNITS = {
    Kind.INQUIRIES_GIVEN: Unit.INQUIRY,
    Kind.INQUIRIES_GOT: Unit.INQUIRY,
    Kind.MINUTES_GIVEN: Unit.MINUTE,
    Kind.MINUTES_GOT: Unit.MINUTE,
    Kind.INHABITANTS: Unit.INHABITANT,
    Kind.WORK: Unit.MINUTE,
    Kind.HOURS_GIVEN: Unit.HOUR,
    Kind.HOURS_OWED: Unit.HOUR,
    Kind.HOURS_EVENED: Unit.HOUR,
    Kind.CORRECTION: Unit.CORRECTION,
}


@dataclass(frozen=True)
class Line:
    """One line. `since` is the first day of the stretch of terms that it goes by; `corrects` the month that it belongs
    to, where that was closed already; `correction` the number of what somebody put right."""

    municipality: str
    kind: Kind
    since: date
    quantity: int
    rate: int
    amount: int
    corrects: str | None = None
    correction: int | None = None

    @property
    def unit(self) -> Unit:
        """One of what its quantity counts."""
        return UNITS[self.kind]


@dataclass(frozen=True)
class Correction:
    """Somebody put a closed month right: one municipality pays another so many øre."""

    number: int
    month: str
    payer: str
    payee: str
    amount: int


@dataclass(frozen=True)
class Facts:
    """What is known of a month: who was a member on which days, inhabitants, milliseconds on duty, and the work.

    `duty` are (Danish day, municipality, milliseconds). `late` is work of closed months that came after they were
    closed.
    """

    members: Mapping[str, frozenset[date]]
    inhabitants: Mapping[str, int] = field(default_factory=dict)
    duty: Sequence[tuple[date, str, int]] = ()
    work: Sequence[Work] = ()
    late: Sequence[Work] = ()
