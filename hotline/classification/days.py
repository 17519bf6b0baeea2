"""Of how many inquiries the reader was sure, by day: counted from the journal once a day is over, and kept."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import DANISH_TIME, danish

DAYS = 84  # twelve weeks, for which a missing day is made good
AT_ONCE = 7  # days, so that nobody waits long for one who counts

MISSING = text("""
    SELECT CAST(:last AS date) - n AS day FROM generate_series(0, :days - 1) n
    WHERE NOT EXISTS (SELECT 1 FROM reading_day d WHERE d.day = CAST(:last AS date) - n) ORDER BY 1 DESC LIMIT :most
""")
COUNTED = """
    SELECT count(*)::int AS guessed, count(*) FILTER (WHERE (j.data ->> 'sure')::bool)::int AS sure
    FROM journal j WHERE j.event = 'classified' AND j.at >= :begins AND j.at < :ends AND j.data ? 'sure'
"""
COUNT = text(COUNTED)
KEEP = text(f"""
    INSERT INTO reading_day (day, guessed, sure) SELECT :day, c.guessed, c.sure FROM ({COUNTED}) c
    ON CONFLICT (day) DO NOTHING
""")


def count_days(session: Session, now: datetime) -> int:
    """Count the newest days that are over at `now` (aware) and not counted yet, a week of them at most; how many."""
    asked = {"last": danish(now).date() - timedelta(days=1), "days": DAYS, "most": AT_ONCE}
    days = session.execute(MISSING, asked).scalars().all()
    for day in days:
        session.execute(KEEP, {"day": day, **_of(day)})
    return len(days)


def today(session: Session, now: datetime) -> tuple[int, int]:
    """How many were read for their topic since the last Danish midnight, and of how many the reader was sure."""
    row = session.execute(COUNT, _of(danish(now).date())).one()
    return row.guessed, row.sure


def _of(day: date) -> dict[str, datetime]:
    begins, ends = (datetime.combine(one, time(), DANISH_TIME) for one in (day, day + timedelta(days=1)))
    return {"begins": begins, "ends": ends}
