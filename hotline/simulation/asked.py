"""ask(), and how what was asked is taken on by a worker, told of, and ended: each by a statement whose row tells."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlmodel import Session, col, select

from hotline.db import rows_changed
from hotline.errors import Invalid
from hotline.lanes import later
from hotline.policies import NoPolicy, named
from hotline.simulation.models import Progress, Simulation

LANE = "simulate"
SILENT = 120  # seconds without a sign of life after which another worker begins anew
MOST_TRIES = 3
MOST_DAYS = 31
MOST_OPEN = 10  # that wait or run: a worker takes minutes for one
KEPT = 100  # the last ones; older ones go

TAKE = sa.text("""
    UPDATE simulation SET state = 'running', tries = tries + 1, share = 0, beat_at = :now
    WHERE id = (SELECT id FROM simulation
                WHERE tries < :most
                  AND (state = 'waiting' OR state = 'running' AND beat_at < :now - make_interval(secs => :silent))
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, day, days, policies, tries
""")
GIVE_UP = sa.text("""
    UPDATE simulation SET state = 'failed', ended_at = :now, error = 'whoever began it was gone'
    WHERE state = 'running' AND tries >= :most AND beat_at < :now - make_interval(secs => :silent)
""")
BEAT = sa.text("""
    UPDATE simulation SET share = :share, beat_at = :now WHERE id = :id AND tries = :tries AND state = 'running'
""")
END = sa.text("""
    UPDATE simulation SET state = :state, share = 1, ended_at = :now, result = :result, error = :error
    WHERE id = :id AND tries = :tries AND state = 'running'
""")
FORGET = sa.text("DELETE FROM simulation WHERE id <= :id - :kept AND state IN ('done', 'failed')")


def ask(session: Session, day: date, days: int, policies: Sequence[str], today: date) -> int:
    """Have these days simulated by one policy or two; its number. Asked for and not ended, it is not asked again.

    Raises Invalid where a day has not come, there are too many, a policy is none, or so much is asked for already.
    """
    if not 1 <= days <= MOST_DAYS or day > today or day.year < today.year - 10:
        raise Invalid("choose days that have been, at most a month of them")
    names = list(dict.fromkeys(policies))
    try:
        for name in names:
            named(name)
    except NoPolicy as error:
        raise Invalid(str(error)) from None
    is_open = col(Simulation.state).in_([Progress.WAITING, Progress.RUNNING])
    the_same = Simulation.day == day, Simulation.days == days, Simulation.policies == names
    if (there := session.exec(select(Simulation.id).where(*the_same, is_open)).first()) is not None:
        return there
    if len(session.exec(select(Simulation.id).where(is_open).limit(MOST_OPEN)).all()) == MOST_OPEN:
        raise Invalid("so many simulations wait already; ask again when one of them has ended")
    row = {"day": day, "days": days, "policies": names}
    made = session.execute(sa.insert(Simulation).values(row).returning(col(Simulation.id))).scalar_one()
    later(session, LANE)
    return int(made)


def take(session: Session, now: datetime) -> sa.Row[Any] | None:
    """The next that nobody is at, from now on this process's; None where there is none."""
    asked = {"now": now, "most": MOST_TRIES, "silent": SILENT}
    session.execute(GIVE_UP, asked)
    return session.execute(TAKE, asked).one_or_none()


def beat(session: Session, taken: sa.Row[Any], share: float, now: datetime) -> bool:
    """It is so far; false where somebody else has begun it anew meanwhile."""
    return rows_changed(session, BEAT, {"id": taken.id, "tries": taken.tries, "share": share, "now": now}) == 1


def end(session: Session, taken: sa.Row[Any], now: datetime, result: dict[str, Any] | None, error: str | None) -> None:
    """It is done, or failed for this reason; who has lost it to another changes nothing."""
    values = {"id": taken.id, "tries": taken.tries, "now": now, "error": error}
    state = Progress.FAILED if result is None else Progress.DONE
    session.execute(END, values | {"state": str(state), "result": None if result is None else Jsonb(result)})
    session.execute(FORGET, {"id": taken.id, "kept": KEPT})
