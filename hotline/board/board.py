"""The live queue as the secretariat sees it: what waits, for how long, and who is there to take it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.directory.together import IN_FORCE
from hotline.inquiries.states import HELD, sql
from hotline.kept import Kept

SHOWN = 100
SHORT = 2000

# Agents of those who answer together today; others answer their own citizens alone.
AGENTS = text(f"""
    SELECT count(*) FILTER (WHERE connected AND presence = 'available' AND load < capacity) AS ready,
           count(*) FILTER (WHERE connected AND presence = 'available' AND load >= capacity) AS busy,
           count(*) FILTER (WHERE connected AND presence = 'break') AS on_break,
           count(*) FILTER (WHERE NOT connected OR presence = 'offline') AS away
    FROM agent_work JOIN agent ON id = agent_id
    WHERE municipality IN (SELECT municipality FROM membership m WHERE {IN_FORCE.format(of="m", day=":day")})
""")

# Each part has a small partial index of its own; asked for all three states at once, PostgreSQL reads every inquiry.
QUEUED = """
    WITH queued AS (
        SELECT i.*, NULL::bigint AS offered_to, NULL::timestamptz AS nobody_since
        FROM inquiry i WHERE i.state = 'received'
        UNION ALL
        SELECT i.*, NULL::bigint, CASE WHEN u.since IS NOT NULL THEN greatest(u.since, i.queued_at) END
        FROM inquiry i LEFT JOIN unserved u
          ON (u.circle, u.topic, u.speaks) = (i.circle, i.topic, i.speaks) AND i.only_agent IS NULL
        WHERE i.state = 'waiting'
        UNION ALL
        SELECT i.*, o.agent_id, NULL FROM offer o JOIN inquiry i ON i.id = o.inquiry_id
        WHERE o.state = 'open' AND i.state = 'offered'
    )
"""

TOPICS = text(
    QUEUED
    + """
    SELECT topic AS slug, count(*) AS waiting,
           greatest(extract(epoch FROM :now - min(queued_at)), 0)::float8 AS longest_wait_seconds,
           count(nobody_since) AS unserved
    FROM queued GROUP BY topic ORDER BY count(*) DESC, min(queued_at)
"""
)

ROWS = text(
    QUEUED
    + """
    SELECT q.id, q.reference, q.topic, m.name AS municipality_name, q.channel, q.language, q.priority, q.urgent,
           q.state, greatest(extract(epoch FROM :now - q.queued_at), 0)::float8 AS age_seconds, p.name AS agent_name,
           q.nobody_since
    FROM (SELECT * FROM queued ORDER BY deadline NULLS FIRST, id LIMIT :most) q
    JOIN municipality m ON m.code = q.municipality
    LEFT JOIN person p ON p.id = q.offered_to
    ORDER BY q.deadline NULLS FIRST, q.id
"""
)

# Whether more wait than are counted for each who looks.
LONG = text("SELECT 1 FROM inquiry WHERE state = 'waiting' ORDER BY circle LIMIT 1 OFFSET :short")

# Of what nobody on duty can take, by topic: how much, and since when.
UNSERVED = text("""
    SELECT topic, sum(n)::bigint AS waiting, min(since) AS since
    FROM (SELECT u.topic, u.since, (SELECT count(*) FROM inquiry i
                                    WHERE i.state = 'waiting' AND (i.circle, i.topic, i.speaks)
                                        = (u.circle, u.topic, u.speaks) AND i.only_agent IS NULL) AS n
          FROM unserved u) c
    WHERE n > 0 GROUP BY topic ORDER BY min(since), topic
""")

HANDLING = text(f"SELECT count(*) FROM inquiry WHERE state IN {sql(HELD)}")


@dataclass(frozen=True)
class Agents:
    """How many agents have room, are full, are on a break, and are away or off duty."""

    ready: int
    busy: int
    on_break: int
    away: int


@dataclass(frozen=True)
class TopicLine:
    """What waits of one topic, and how much of it nobody on duty can take; `slug` is None for what is not read yet."""

    slug: str | None
    waiting: int
    longest_wait_seconds: float
    unserved: int


@dataclass(frozen=True)
class QueueLine:
    """One inquiry in the queue; `agent_name` is whom it is offered to now, `nobody_since` since when nobody on duty can
    take it."""

    id: uuid.UUID
    reference: str
    topic: str | None
    municipality_name: str
    channel: str
    language: str | None
    priority: int
    urgent: bool
    state: str
    age_seconds: float
    agent_name: str | None
    nobody_since: datetime | None


@dataclass(frozen=True)
class Board:
    """The queue at one moment. `rows` are the first hundred in the order in which they are served."""

    waiting: int
    longest_wait_seconds: float | None
    handling: int
    agents: Agents
    topics: tuple[TopicLine, ...]
    rows: tuple[QueueLine, ...]

    @property
    def unserved(self) -> int:
        """How many wait that nobody on duty can take."""
        return sum(topic.unserved for topic in self.topics)

    @property
    def left_out(self) -> int:
        """How many wait that `rows` does not show."""
        return max(0, self.waiting - len(self.rows))


KEPT: Kept[Board] = Kept()  # the pool's: whoever may see it sees all of it


def board(session: Session, now: datetime) -> Board:
    """The queue at `now` (aware). Ages count from the arrival, offered ones wait until somebody has accepted them.

    A long queue is counted once for all who look at it, and may be some seconds old.
    """
    if session.execute(LONG, {"short": SHORT}).first() is None:
        return _counted(session, now)
    return KEPT.get(lambda: _counted(session, now))


def _counted(session: Session, now: datetime) -> Board:
    at = {"now": now}
    topics = tuple(TopicLine(**row._mapping) for row in session.execute(TOPICS, at))
    return Board(
        waiting=sum(topic.waiting for topic in topics),
        longest_wait_seconds=max((topic.longest_wait_seconds for topic in topics), default=None),
        handling=session.execute(HANDLING).scalar_one(),
        agents=count_agents(session, now),
        topics=topics,
        rows=tuple(QueueLine(**row._mapping) for row in session.execute(ROWS, at | {"most": SHOWN})),
    )


def count_agents(session: Session, now: datetime) -> Agents:
    """What the agents of the collaborations' members do at `now` (aware)."""
    return Agents(**session.execute(AGENTS, {"day": danish(now).date()}).one()._mapping)


@dataclass(frozen=True)
class Unserved:
    """So many of a topic wait that nobody on duty can take, the longest since then."""

    topic: str
    waiting: int
    since: datetime


def unserved(session: Session) -> list[Unserved]:
    """What nobody on duty can take, by topic."""
    return [Unserved(**row._mapping) for row in session.execute(UNSERVED)]
