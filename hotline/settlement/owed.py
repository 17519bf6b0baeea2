"""owed_hours(): how many hours on duty each municipality owes on some days, by what members have agreed."""

from collections import defaultdict
from datetime import date, timedelta

from sqlmodel import Session, select

from hotline.directory.models import Collaboration
from hotline.settlement.agree import agreed
from hotline.settlement.terms import Month
from hotline.settlement.work import THOUSAND


def owed_hours(session: Session, first: date, days: int) -> dict[str, float]:
    """By code, over all collaborations, on so many Danish days from the first on: of a month's hours a day's part."""
    owed: dict[str, float] = defaultdict(float)
    for held in session.exec(select(Collaboration)).all():
        terms = agreed(session, held)
        for day in (first + timedelta(number) for number in range(days)):
            in_force = [one for one in terms if one.valid_from <= day]
            for code, thousandths in in_force[-1].owed.items() if in_force else ():
                owed[code] += thousandths / THOUSAND / len(Month.of(day).days)
    return dict(owed)
