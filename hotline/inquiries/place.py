"""place(): how many are before an inquiry in the queue, and how long that is likely to take."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from itertools import accumulate

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import seconds
from hotline.directory.together import together
from hotline.inquiries.models import Inquiry
from hotline.kept import Kept

NO_EXPERIENCE = 300.0  # seconds of handling, where nothing of the topic has ended yet
SHARED = 1.25  # times as long as if its agents took nothing else: measured (docs/routing.md)
NEAR = 1000  # so many before it are counted for each who asks, more of them once for all …
FEW = 500  # … and so are, of more than these with a topic's skill, those who are there

AHEAD = text("""
    SELECT count(*) FROM (
        SELECT FROM inquiry
        WHERE state = 'waiting' AND circle = ANY(:circles) AND topic = :topic AND deadline < :deadline
        LIMIT :near) before
""")
BY_MINUTE = text("""
    SELECT floor(extract(epoch FROM deadline) / 60)::bigint AS minute, count(*) AS due FROM inquiry
    WHERE state = 'waiting' AND circle = ANY(:circles) AND topic = :topic
    GROUP BY minute ORDER BY minute
""")
# Mean seconds of the last 50 inquiries of the topic that ended.
HANDLING = text("""
    SELECT avg(greatest(extract(epoch FROM e.ended_at - e.answered_at), 0))::float8
    FROM (SELECT answered_at, ended_at FROM inquiry
          WHERE topic = :topic AND state = 'closed' AND answered_at IS NOT NULL
          ORDER BY id DESC LIMIT 50) e
""")
SKILLED = text("SELECT count(*) FROM (SELECT FROM agent_skill WHERE topic = :topic LIMIT :few + 1) some_of_them")
# Agents signed in who have the skill and may answer.
AGENTS = text("""
    SELECT count(*) FROM agent_work w JOIN agent a ON a.id = w.agent_id JOIN agent_skill s USING (agent_id)
    WHERE s.topic = :topic AND w.connected AND w.presence = 'available' AND a.municipality = ANY(:answered_by)
""")

Named = tuple[str, frozenset[str]]  # a topic, and circles or municipalities


def place(session: Session, inquiry: Inquiry, now: datetime) -> tuple[int | None, int | None]:
    """At `now` (aware) the place of one that waits, 1 the first, and the seconds that it is likely to wait.

    Before it are those of its topic with an earlier deadline for which the same agents are asked, in part or all.
    Both are None where nobody is there.
    """
    assert inquiry.topic is not None and inquiry.deadline is not None  # it waits
    who = together(session, now)
    answered_by = who.answered_by(inquiry.municipality, inquiry.topic, is_outside=inquiry.outside)
    agents = _agents(session, inquiry.topic, answered_by)
    if not agents:
        return None, None
    circles = frozenset({inquiry.circle, *who.shared_with(answered_by)})
    position = 1 + _ahead(session, inquiry.topic, circles, inquiry.deadline)
    handling = session.execute(HANDLING, {"topic": inquiry.topic}).scalar_one() or NO_EXPERIENCE
    return position, round(SHARED * position * handling / agents)


def _ahead(session: Session, topic: str, circles: frozenset[str], deadline: datetime) -> int:
    asked = {"topic": topic, "circles": sorted(circles)}
    near: int = session.execute(AHEAD, asked | {"deadline": deadline, "near": NEAR}).scalar_one()
    if near < NEAR:
        return near
    due = _due((topic, circles)).get(lambda: {row.minute: row.due for row in session.execute(BY_MINUTE, asked)})
    return max(near, _before(due, seconds(deadline) / 60))


def _before(due: Mapping[int, int], minute: float) -> int:
    """How many of those due in each minute come before this one, its own in proportion."""
    minutes, sums = [*due], [0, *accumulate(due.values())]
    whole = bisect_left(minutes, int(minute))
    return sums[whole] + round(due.get(int(minute), 0) * (minute - int(minute)))


def _agents(session: Session, topic: str, answered_by: frozenset[str]) -> int:
    asked = {"topic": topic, "answered_by": sorted(answered_by)}

    def count() -> int:
        found: int = session.execute(AGENTS, asked).scalar_one()
        return found

    if session.execute(SKILLED, {"topic": topic, "few": FEW}).scalar_one() <= FEW:
        return count()
    return _there((topic, answered_by)).get(count)


@lru_cache(maxsize=256)
def _due(_: Named) -> Kept[dict[int, int]]:
    return Kept()


@lru_cache(maxsize=256)
def _there(_: Named) -> Kept[int]:
    return Kept()
