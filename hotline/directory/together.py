"""together(): who answers together at a moment, by the Danish day."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.routing.together import Together

IN_FORCE = "{of}.joined <= {day} AND ({of}.left_on IS NULL OR {of}.left_on > {day})"
TODAY = "(now() AT TIME ZONE 'Europe/Copenhagen')::date"

# The municipalities whose citizens the agents of {one} may answer on the Danish day {day}, as an array: their own, and
# those it shares a collaboration with. It is worked out once a statement where {one} is the same for all rows.
ANSWERED_BY = f"""
    ARRAY(SELECT CAST({{one}} AS text) UNION ALL
          SELECT them.municipality
          FROM membership us JOIN membership them ON them.collaboration_id = us.collaboration_id
          WHERE us.municipality = {{one}}
            AND {IN_FORCE.format(of="us", day="{day}")} AND {IN_FORCE.format(of="them", day="{day}")})
"""

MEMBERS = text(f"""
    SELECT m.code, array_remove(array_agg(s.collaboration_id), NULL) AS collaborations
    FROM municipality m
    LEFT JOIN membership s ON s.municipality = m.code AND {IN_FORCE.format(of="s", day=":day")}
    GROUP BY m.code ORDER BY m.code
""")


def together(session: Session, now: datetime) -> Together:
    """Each municipality with the collaborations that it is in at `now` (aware): from the day it joined until, not on,
    the day it left."""
    rows = session.execute(MEMBERS, {"day": danish(now).date()})
    return Together(tuple((row.code, frozenset(row.collaborations)) for row in rows))
