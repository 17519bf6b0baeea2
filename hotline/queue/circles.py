"""Which circles and classes have something waiting, and who answers them."""

from collections.abc import Iterable

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session

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

MOST_LATER = 200
# The classes of calls in some circles, circle after circle: one step for each.
CALLS = text("""
    WITH RECURSIVE class AS (
        SELECT n.* FROM unnest(CAST(:circles AS text[])) AS m(circle) CROSS JOIN LATERAL (
            SELECT i.circle, i.topic, i.speaks FROM inquiry i
            WHERE i.state = 'waiting' AND i.circle = m.circle AND (i.channel = 'phone') = true
            ORDER BY i.topic, i.speaks LIMIT 1
        ) n
        UNION ALL
        SELECT n.* FROM class c CROSS JOIN LATERAL (
            SELECT i.circle, i.topic, i.speaks FROM inquiry i
            WHERE i.state = 'waiting' AND i.circle = c.circle AND (i.topic, i.speaks) > (c.topic, c.speaks)
              AND (i.channel = 'phone') = true
            ORDER BY i.topic, i.speaks LIMIT 1
        ) n
    )
    SELECT circle, topic, speaks FROM class LIMIT :most
""")


def waiting_circles(session: Session) -> set[str]:
    """The circles of all that waits; empty where nothing does."""
    return set(session.execute(WAITING).scalars())


def who_answers(who: Together, waiting: Iterable[str]) -> Jsonb:
    """Each municipality with each circle of those `waiting` that its agents answer, for a statement."""
    return Jsonb(
        [{"municipality": code, "circle": one} for one in sorted(waiting) for code in sorted(who.open_to(one))]
    )


def calls_in(session: Session, circles: Iterable[str]) -> list[tuple[str, str, str]]:
    """A circle, a topic and a language for which a call waits in one of these circles, 200 of them at the most."""
    asked = {"circles": sorted(circles), "most": MOST_LATER}
    return [tuple(row) for row in session.execute(CALLS, asked)] if asked["circles"] else []
