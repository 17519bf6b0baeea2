"""correct(): a closed month was wrong, and one municipality pays another in the next statement."""

import sqlalchemy as sa
from sqlmodel import Session

from hotline.directory.collaborations import memberships, named
from hotline.directory.errors import UnknownMunicipality
from hotline.settlement.agree import last_closed
from hotline.settlement.errors import BadCorrection
from hotline.settlement.models import SettlementCorrection
from hotline.settlement.terms import Month

MOST_WORDS = 200


def correct(session: Session, name: str, month: Month, payer: str, payee: str, amount: int, why: str) -> None:
    """`payer` pays `payee` so many øre for what was wrong in this closed month; no line of it changes.

    Raises UnknownCollaboration, UnknownMunicipality for one that is, was and will be no member, and BadCorrection.
    """
    held, said = named(session, name), " ".join(why.split())
    last = last_closed(session, held)
    if last is None or month > last:
        raise BadCorrection(why="open", month=str(month))
    if payer == payee or amount <= 0:
        raise BadCorrection(why="nothing")
    if not 0 < len(said) <= MOST_WORDS or not said.isprintable():
        raise BadCorrection(why="words", most=MOST_WORDS)
    codes = {one.municipality for one, _ in memberships(session, held)}
    for code in (payer, payee):
        if code not in codes:
            raise UnknownMunicipality(code=code)
    row = {"collaboration_id": held.id, "month": str(month), "payer": payer, "payee": payee}
    session.connection().execute(sa.insert(SettlementCorrection).values(row | {"amount": amount, "why": said}))
