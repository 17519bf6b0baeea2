"""agree(): members settle by other terms from a day on; what was agreed before stays, and so do closed months."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline.directory.collaborations import named, write_down
from hotline.directory.errors import UnknownMunicipality
from hotline.directory.models import Collaboration, Municipality
from hotline.settlement.errors import BadTerms
from hotline.settlement.models import SettlementStatement, SettlementTerms
from hotline.settlement.terms import ALL, Basis, Month, Part, Terms
from hotline.settlement.work import THOUSAND

MOST_RATE = 100_000_000  # øre; a slip of the finger is refused
MOST_MINUTES = 1440  # a call more than a day later is another question
MOST_HOURS = 100_000 * THOUSAND


def agree(session: Session, name: str, terms: Terms) -> str:
    """These terms hold from their day on; in words, what holds then.

    Raises UnknownCollaboration, UnknownMunicipality, and BadTerms where they cannot hold or a month from that day on is
    closed.
    """
    held = named(session, name, to_change=True)  # whoever closes a month meanwhile waits
    _must_hold_together(terms)
    last = last_closed(session, held)
    if last is not None and Month.of(terms.valid_from) <= last:
        raise BadTerms(why="closed", month=str(last))
    for code in terms.owed:
        if session.get(Municipality, code) is None:
            raise UnknownMunicipality(code=code)
    row = {
        "collaboration_id": held.id,
        "valid_from": terms.valid_from,
        "parts": [{"basis": str(part.basis), "rate": part.rate, "share": part.share} for part in terms.parts],
        "again_minutes": terms.again_minutes,
        "owed": dict(terms.owed),
    }
    before = [one for one in agreed(session, held) if one.valid_from <= terms.valid_from]
    session.connection().execute(sa.insert(SettlementTerms).values(row))
    write_down(session, held, "settlement", in_words(before[-1]) if before else None, in_words(terms))
    return in_words(terms)


def agreed(session: Session, held: Collaboration) -> list[Terms]:
    """All versions, by the day from which they hold; of two from one day the later last."""
    of_it = select(SettlementTerms).where(SettlementTerms.collaboration_id == held.id)
    rows = session.exec(of_it.order_by(col(SettlementTerms.valid_from), col(SettlementTerms.id)))
    return [Terms(one.valid_from, _parts(one.parts), one.again_minutes, dict(one.owed)) for one in rows]


def last_closed(session: Session, held: Collaboration) -> Month | None:
    """The last month of this collaboration that is closed, if any is."""
    of_it = select(SettlementStatement.month).where(SettlementStatement.collaboration_id == held.id)
    month = session.exec(of_it.order_by(col(SettlementStatement.month).desc()).limit(1)).first()
    return Month.read(month) if month else None


def in_words(terms: Terms) -> str:
    """The terms on one line, rates in kroner."""
    parts = [
        f"{part.basis} {part.rate // 100}.{part.rate % 100:02}" + ("" if part.share == ALL else f" {part.share}%")
        for part in terms.parts
    ]
    owed = [f"{code} owes {thousandths / THOUSAND:g} hours" for code, thousandths in sorted(terms.owed.items())]
    again = [f"again within {terms.again_minutes} minutes"] if terms.again_minutes else []
    return ", ".join([f"from {terms.valid_from}: {' + '.join(parts)}", *again, *owed])


def _must_hold_together(terms: Terms) -> None:
    bases = [part.basis for part in terms.parts]
    if sum(part.share for part in terms.parts) != ALL or any(part.share < 1 for part in terms.parts):
        raise BadTerms(why="shares", sum=sum(part.share for part in terms.parts))
    if len(set(bases)) != len(bases):
        raise BadTerms(why="twice")
    if not all(0 <= part.rate <= MOST_RATE for part in terms.parts):
        raise BadTerms(why="rate", most=MOST_RATE // 100)
    if not 0 <= terms.again_minutes <= MOST_MINUTES:
        raise BadTerms(why="again", most=MOST_MINUTES)
    if (Basis.HOURS in bases) != any(terms.owed.values()) or not all(0 <= h <= MOST_HOURS for h in terms.owed.values()):
        raise BadTerms(why="hours")


def _parts(stored: Sequence[Mapping[str, object]]) -> tuple[Part, ...]:
    return tuple(Part(Basis(str(one["basis"])), int(str(one["rate"])), int(str(one["share"]))) for one in stored)
