"""Which circles have something waiting, and what waits under a word that holds no longer gets the one of today."""

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.routing.together import Together

# A loose index scan: one step for each circle, however many inquiries wait. By the order of the one index of what
# waits, lest the planner read every inquiry there ever was.
WAITING = text("""
    WITH RECURSIVE waiting AS (
        (SELECT circle FROM inquiry WHERE state = 'waiting' ORDER BY circle LIMIT 1)
        UNION ALL
        SELECT n.circle FROM waiting w CROSS JOIN LATERAL (
            SELECT i.circle FROM inquiry i WHERE i.state = 'waiting' AND i.circle > w.circle ORDER BY i.circle LIMIT 1
        ) n
    )
    SELECT circle FROM waiting
""")

# A loose index scan: one step for each circle, topic and language that waits, however many inquiries do.
CLASSES = """
    WITH RECURSIVE class AS (
        (SELECT circle, topic, speaks FROM inquiry WHERE state = 'waiting' ORDER BY circle, topic, speaks LIMIT 1)
        UNION ALL
        SELECT n.circle, n.topic, n.speaks FROM class c CROSS JOIN LATERAL (
            SELECT w.circle, w.topic, w.speaks FROM inquiry w
            WHERE w.state = 'waiting' AND (w.circle, w.topic, w.speaks) > (c.circle, c.topic, c.speaks)
            ORDER BY w.circle, w.topic, w.speaks LIMIT 1
        ) n
    )
"""

# That it waits and is meant for one agent alone, said in a way that no other index than that of what is can serve: a
# planner that takes the queue for short reads all of it otherwise.
FOR_ONE = "{of}.only_agent > 0 AND {of}.ended_at IS NULL AND {of}.state BETWEEN 'waiting' AND 'waiting'"

RENAME = text("""
    UPDATE inquiry i SET circle = c.circle
    FROM jsonb_to_recordset(:circles) AS c(municipality text, circle text)
    WHERE i.state = 'waiting' AND i.circle = ANY(:old) AND i.municipality = c.municipality
""")


def waiting_circles(session: Session) -> set[str]:
    """The circles of all that waits; empty where nothing does."""
    return set(session.execute(WAITING).scalars())


def who_answers(who: Together) -> Jsonb:
    """Each municipality with each circle that its agents answer, for a statement."""
    pairs = [(code, circle) for code, _ in who.collaborations for circle in who.answers(code)]
    return Jsonb([{"municipality": code, "circle": circle} for code, circle in pairs])


def bring_up_to_date(session: Session, waiting: set[str], who: Together) -> int:
    """After a municipality joined or left, or the day turned: what waits is put to those who answer it now.

    `waiting` are the circles of what waits; how many inquiries were put to others.
    """
    old = waiting - who.circles
    if not old:
        return 0
    circles = [{"municipality": code, "circle": who.circle(code)} for code, _ in who.collaborations]
    return rows_changed(session, RENAME, {"old": sorted(old), "circles": Jsonb(circles)})
