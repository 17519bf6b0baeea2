"""Rows to a routing.Snapshot, narrow: agents with room, and of the waiting only the front they could take."""

from datetime import datetime, timedelta

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session

from hotline.routing.model import ANY_LANGUAGE, Agent, Inquiry, Snapshot
from hotline.routing.policy import Policy

MOST_AGENTS = 200
MOST_PER_CLASS = 20

READY = text("""
    SELECT a.id, a.municipality, a.languages, a.capacity, a.load,
           extract(epoch FROM a.idle_since)::float8 AS idle_since,
           (SELECT jsonb_object_agg(s.topic, s.level) FROM agent_skill s WHERE s.agent_id = a.id) AS topics
    FROM agent a
    WHERE a.presence = 'available' AND a.connected AND a.load < a.capacity
      AND (a.rests_until IS NULL OR a.rests_until <= :now)
    ORDER BY a.idle_since, a.id
    LIMIT :most
""")

# A class is a topic and a language; each is read from the front of the index (topic, speaks, deadline, id), as many as
# there are agents for it. What is meant for one agent alone is looked for by that agent.
FRONT = text("""
    WITH class AS (
        SELECT * FROM jsonb_to_recordset(:classes) AS c(topic text, speaks text, agents int)
    ), front AS (
        SELECT i.* FROM class c CROSS JOIN LATERAL (
            SELECT w.id, w.municipality, w.topic, w.speaks, w.channel, w.deadline, w.only_agent
            FROM inquiry w
            WHERE w.state = 'waiting' AND w.topic = c.topic AND w.speaks = c.speaks AND w.only_agent IS NULL
            ORDER BY w.deadline, w.id
            LIMIT least(c.agents, :most)
        ) i
        UNION ALL
        SELECT w.id, w.municipality, w.topic, w.speaks, w.channel, w.deadline, w.only_agent
        FROM inquiry w
        WHERE w.state = 'waiting' AND w.only_agent = ANY(:agents)
    )
    SELECT f.id, f.municipality, f.topic, f.speaks, f.channel, extract(epoch FROM f.deadline)::float8 AS deadline,
           f.only_agent,
           ARRAY(SELECT o.agent_id FROM offer o
                 WHERE o.inquiry_id = f.id AND o.state IN ('refused', 'lapsed') AND o.answered_at > :since) AS not_to
    FROM front f
""")


def load_snapshot(session: Session, now: datetime, policy: Policy) -> Snapshot:
    """The desk at `now` (aware) as this transaction sees it: at the most 200 agents with room, longest idle first, and
    for each class they could take no more inquiries than they are."""
    rows = session.execute(READY, {"now": now, "most": MOST_AGENTS}).all()
    agents = tuple(
        Agent(
            id=row.id,
            municipality=row.municipality,
            topics=row.topics or {},
            languages=frozenset(row.languages),
            capacity=row.capacity,
            load=row.load,
            idle_since=row.idle_since or 0.0,
        )
        for row in rows
    )
    waiting = _front(session, agents, now - timedelta(seconds=policy.rest_after_refusal)) if agents else ()
    return Snapshot(now=now.timestamp(), waiting=waiting, agents=agents)


def _front(session: Session, agents: tuple[Agent, ...], since: datetime) -> tuple[Inquiry, ...]:
    slots: dict[tuple[str, str], int] = {}
    for agent in agents:
        room = agent.capacity - agent.load
        for topic in agent.topics:
            for language in (*agent.languages, ANY_LANGUAGE):
                slots[topic, language] = slots.get((topic, language), 0) + room
    classes = [{"topic": t, "speaks": language, "agents": n} for (t, language), n in sorted(slots.items())]
    asked = {"classes": Jsonb(classes), "agents": [a.id for a in agents], "since": since, "most": MOST_PER_CLASS}
    return tuple(
        Inquiry(
            id=str(row.id),
            municipality=row.municipality,
            topic=row.topic,
            language=row.speaks,
            channel=row.channel,
            deadline=row.deadline,
            not_to=frozenset(row.not_to),
            only_agent=row.only_agent,
        )
        for row in session.execute(FRONT, asked)
    )
