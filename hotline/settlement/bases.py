"""The bases that members may settle by: what each of them owes by one, exactly. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from hotline.settlement.lines import Facts, Kind
from hotline.settlement.rounding import nearest, shared
from hotline.settlement.terms import ALL, Basis, Month, Part, Stretch, days
from hotline.settlement.work import THOUSAND, Piece, Work, pieces

THOUSANDTH_OF_AN_HOUR = 3600  # milliseconds
NOTHING = Fraction()


@dataclass(frozen=True)
class Entry:
    """A quantity in thousandths, and øre for one unit, before anything is rounded."""

    quantity: int
    rate: Fraction

    @property
    def exact(self) -> Fraction:
        """Øre."""
        return self.quantity * self.rate / THOUSAND


Entries = dict[tuple[str, Kind], Entry]


def entries(part: Part, stretch: Stretch, month: Month, facts: Facts) -> Entries:
    """What everybody owes and is owed by one basis for a stretch of the month; it adds up to nought exactly.

    KeyError where the inhabitants of a member are asked for and not known.
    """
    return _BASES[part.basis](part, stretch, month, facts)


def exchanged(part: Part, stretch: Stretch, work: Iterable[Work], everybody: Iterable[str] = ()) -> Entries:
    """What was done for the citizens of others is owed to who did it, by the citizens' own municipality.

    There are entries for `everybody`, and for whoever did or got anything.
    """
    by_inquiry = part.basis == Basis.INQUIRIES
    given: dict[str, int] = defaultdict(int)
    got: dict[str, int] = defaultdict(int)
    for piece in pieces_of(stretch, work):
        if piece.home != piece.answering:
            quantity = piece.inquiries if by_inquiry else piece.minutes
            given[piece.answering] += quantity
            got[piece.home] += quantity
    gives, gets = Kind.MINUTES_GIVEN, Kind.MINUTES_GOT
    if by_inquiry:
        gives, gets = Kind.INQUIRIES_GIVEN, Kind.INQUIRIES_GOT
    found: Entries = {}
    for code in {*everybody, *given, *got}:
        found[code, gives] = Entry(given[code], _rate(part))
        found[code, gets] = Entry(-got[code], _rate(part))
    return found


def pieces_of(stretch: Stretch, work: Iterable[Work]) -> Iterator[Piece]:
    """The parts of the inquiries that ended on a day of this stretch."""
    for one in work:
        if stretch.first <= one.day < stretch.after:
            yield from pieces(one, stretch.terms)


def _by_exchange(part: Part, stretch: Stretch, month: Month, facts: Facts) -> Entries:
    return exchanged(part, stretch, facts.work, _present(stretch, facts))


def _by_inhabitants(part: Part, stretch: Stretch, month: Month, facts: Facts) -> Entries:
    """Each pays for its inhabitants, and what is paid goes to those who did the work, by handled minutes.

    Where nobody handled anything nobody pays.
    """
    present = _present(stretch, facts)
    worked = dict.fromkeys(present, 0)
    for piece in pieces_of(stretch, facts.work):
        if piece.answering in worked:
            worked[piece.answering] += piece.minutes
    minutes = sum(worked.values())
    rate = _rate(part) if minutes else NOTHING
    found: Entries = {}
    for code, member_days in present.items():
        quantity = nearest(facts.inhabitants[code] * THOUSAND * member_days, len(month.days))
        found[code, Kind.INHABITANTS] = Entry(-quantity, rate)
    paid = -sum((one.exact for one in found.values()), NOTHING)
    each = paid * THOUSAND / minutes if minutes else NOTHING
    return found | {(code, Kind.WORK): Entry(done, each) for code, done in worked.items()}


def _by_hours(part: Part, stretch: Stretch, month: Month, facts: Facts) -> Entries:
    """Hours on duty are owed to who gave them, hours that were agreed by who owes them.

    What all gave together beyond what all owed, or short of it, is divided by what each owes.
    """
    present = _present(stretch, facts)
    milliseconds = dict.fromkeys(present, 0)
    for day, code, spent in facts.duty:
        if stretch.first <= day < stretch.after and day in facts.members.get(code, ()):
            milliseconds[code] += spent
    given = {code: nearest(spent, THOUSANDTH_OF_AN_HOUR) for code, spent in milliseconds.items()}
    owed = {code: nearest(stretch.terms.owed.get(code, 0) * held, len(month.days)) for code, held in present.items()}
    beyond = shared(sum(given.values()) - sum(owed.values()), _first_with_any(owed, given, dict.fromkeys(present, 1)))
    found: Entries = {}
    for code in present:
        found[code, Kind.HOURS_GIVEN] = Entry(given[code], _rate(part))
        found[code, Kind.HOURS_OWED] = Entry(-owed[code], _rate(part))
        found[code, Kind.HOURS_EVENED] = Entry(-beyond[code], _rate(part))
    return found


def _first_with_any(*weights: dict[str, int]) -> dict[str, int]:
    return next((one for one in weights if any(one.values())), {})


def _present(stretch: Stretch, facts: Facts) -> dict[str, int]:
    """Who is a member on any day of this stretch, and on how many."""
    wanted = days(stretch.first, stretch.after)
    counted = {code: sum(day in held for day in wanted) for code, held in facts.members.items()}
    return {code: number for code, number in counted.items() if number}


def _rate(part: Part) -> Fraction:
    return Fraction(part.rate * part.share, ALL)


_BASES: dict[Basis, Callable[[Part, Stretch, Month, Facts], Entries]] = {
    Basis.INHABITANTS: _by_inhabitants,
    Basis.INQUIRIES: _by_exchange,
    Basis.MINUTES: _by_exchange,
    Basis.HOURS: _by_hours,
}
