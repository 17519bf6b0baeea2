"""The lines of a month: what each member owes or is owed, which adds up to nought to the øre. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from hotline.settlement.bases import Entries, entries, exchanged, pieces_of
from hotline.settlement.lines import MILLION, ORE, Correction, Facts, Kind, Line
from hotline.settlement.rounding import whole
from hotline.settlement.terms import Basis, Month, Terms, stretches
from hotline.settlement.work import THOUSAND, Piece


def reckon(month: Month, versions: Sequence[Terms], facts: Facts, corrections: Iterable[Correction] = ()) -> list[Line]:
    """Every line of this month by municipality, its own first, then what belongs to months that are closed.

    Amounts are rounded once for each basis of each stretch of terms. KeyError where the inhabitants of a member are
    asked for and not known.
    """
    found: list[Line] = []
    for stretch in stretches(month, versions):
        for part in stretch.terms.parts:
            found += _rounded(entries(part, stretch, month, facts), stretch.first)
    for closed in _months(facts):
        for stretch in stretches(closed, versions):
            for part in stretch.terms.parts:
                if part.basis in (Basis.INQUIRIES, Basis.MINUTES):
                    found += _rounded(exchanged(part, stretch, facts.late), stretch.first, str(closed))
    for one in corrections:
        found += [_corrected(one, month, one.payee, 1), _corrected(one, month, one.payer, -1)]
    return sorted(found, key=_order)


def traced(month: Month, versions: Sequence[Terms], facts: Facts) -> list[Piece]:
    """Every part of every inquiry that the lines about inquiries and minutes are added up from."""
    return [
        piece
        for one, work in ((month, facts.work), *((closed, facts.late) for closed in _months(facts)))
        for stretch in stretches(one, versions)
        for piece in pieces_of(stretch, work)
    ]


def _months(facts: Facts) -> list[Month]:
    return sorted({Month.of(work.day) for work in facts.late})


def _rounded(exact: Entries, since: date, corrects: str | None = None) -> list[Line]:
    amounts = whole({f"{code} {kind}": entry.exact for (code, kind), entry in exact.items()})
    return [
        Line(code, kind, since, entry.quantity, round(entry.rate * MILLION / ORE), amounts[f"{code} {kind}"], corrects)
        for (code, kind), entry in exact.items()
    ]


def _corrected(one: Correction, month: Month, who: str, sign: int) -> Line:
    rate = one.amount * MILLION // ORE
    return Line(who, Kind.CORRECTION, month.first, sign * THOUSAND, rate, sign * one.amount, one.month, one.number)


def _order(line: Line) -> tuple[str, str, int, date, int]:
    return line.municipality, line.corrects or "", list(Kind).index(line.kind), line.since, line.correction or 0
