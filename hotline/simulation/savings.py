"""Has the days of a month that is over simulated, together and each member alone, for the settlements' annexes."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from hotline.clock import DANISH_TIME, danish
from hotline.settings import settings
from hotline.settlement.savings import lack_savings, write_savings
from hotline.settlement.terms import Month
from hotline.simulation.asked import ask
from hotline.simulation.models import Simulation

AFTER = timedelta(hours=2)  # after midnight, so that what was open then has mostly ended


def save(session: Session, now: datetime) -> bool:
    """Ask for the last month's simulation, or write what came of it; whether it did either.

    Nobody waits for it: a month can be closed without. What failed is not tried again.
    """
    this = danish(now - AFTER).date().replace(day=1)
    month = Month.of(this - timedelta(days=1))
    lacking = lack_savings(session, month)
    if not lacking:
        return False
    done = _of(session, month.first, len(month.days))
    if done is None:
        ask(session, month.first, len(month.days), [settings().policy], this)
        return True
    if done.result is None or "municipalities" not in done.result["alone"]:
        return False
    for collaboration in lacking:
        write_savings(session, collaboration, month, done.result["alone"]["municipalities"], now)
    return True


def _of(session: Session, first: date, days: int) -> Simulation | None:
    """The last one of these days by the policy in force that was asked for once they were over."""
    over = datetime.combine(first + timedelta(days=days), time(), DANISH_TIME)
    mine = select(Simulation).where(
        Simulation.day == first,
        Simulation.days == days,
        Simulation.policies == [settings().policy],
        col(Simulation.at) >= over,
    )
    return session.exec(mine.order_by(col(Simulation.id).desc()).limit(1)).first()
