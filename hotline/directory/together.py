"""together(): who answers together at a moment, by the Danish day."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.routing.together import Together

IN_FORCE = "joined <= :day AND (left_on IS NULL OR left_on > :day)"

# Whether the municipalities {one} and {other} answer each other's citizens on the Danish day {day}.
ANSWER_TOGETHER = """
    ({one} = {other} OR EXISTS (
        SELECT 1 FROM membership us JOIN membership them ON them.collaboration_id = us.collaboration_id
        WHERE us.municipality = {one} AND us.joined <= {day} AND (us.left_on IS NULL OR us.left_on > {day})
          AND them.municipality = {other} AND them.joined <= {day} AND (them.left_on IS NULL OR them.left_on > {day})))
"""

MEMBERS = text(f"""
    SELECT m.code, array_remove(array_agg(s.collaboration_id), NULL) AS collaborations
    FROM municipality m
    LEFT JOIN (SELECT * FROM membership WHERE {IN_FORCE}) s ON s.municipality = m.code
    GROUP BY m.code ORDER BY m.code
""")


def together(session: Session, now: datetime) -> Together:
    """Each municipality with the collaborations that it is in at `now` (aware): from the day it joined until, not on,
    the day it left."""
    rows = session.execute(MEMBERS, {"day": danish(now).date()})
    return Together(tuple((row.code, frozenset(row.collaborations)) for row in rows))
