"""Rows to a routing.Snapshot, narrow: agents with room, and of the waiting only the front they could take."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import product

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session

from hotline.duties import NOT_ASIDE
from hotline.routing.model import ANY_LANGUAGE, Agent, Inquiry, Snapshot
from hotline.routing.policy import Policy

MOST_AGENTS = 200
MOST_PER_CLASS = 20
ROUTE = "route"  # what failed alone, inquiry or agent, is passed over for a while

READY = text(f"""
    SELECT a.id, a.municipality, a.languages, a.capacity, a.load,
           extract(epoch FROM a.idle_since)::float8 AS idle_since,
           (SELECT jsonb_object_agg(s.topic, s.level) FROM agent_skill s WHERE s.agent_id = a.id) AS topics
    FROM agent a
    WHERE a.presence = 'available' AND a.connected AND a.load < a.capacity
      AND (a.rests_until IS NULL OR a.rests_until <= :now)
      AND {NOT_ASIDE.format(duty=ROUTE, item="a.id::text")}
    ORDER BY a.idle_since, a.id
    LIMIT :most OFFSET :most * :page
""")

# A class is a topic, a language, and whether it is a call; each is read from the front of its index, as many as there
# is room for. What every agent of the class refused or missed a moment ago is passed over, lest it hide what is behind
# it. What is meant for one agent alone is looked for by that agent.
FRONT = text(f"""
    WITH class AS (
        SELECT * FROM jsonb_to_recordset(:classes)
            AS c(topic text, speaks text, is_call boolean, agents bigint[], room int)
    ), front AS (
        SELECT i.* FROM class c CROSS JOIN LATERAL (
            SELECT w.id, w.municipality, w.topic, w.speaks, w.channel, w.deadline, w.only_agent, said.no AS not_to
            FROM inquiry w CROSS JOIN LATERAL (
                SELECT ARRAY(SELECT o.agent_id FROM offer o
                             WHERE o.inquiry_id = w.id AND o.state IN ('refused', 'lapsed') AND o.answered_at > :since)
            ) AS said(no)
            WHERE w.state = 'waiting' AND w.topic = c.topic AND w.speaks = c.speaks
              AND (w.channel = 'phone') = c.is_call AND w.only_agent IS NULL AND NOT c.agents <@ said.no
              AND {NOT_ASIDE.format(duty=ROUTE, item="w.id::text")}
            ORDER BY w.deadline, w.id
            LIMIT least(c.room, :most)
        ) i
        UNION ALL
        SELECT w.id, w.municipality, w.topic, w.speaks, w.channel, w.deadline, w.only_agent,
               ARRAY(SELECT o.agent_id FROM offer o
                     WHERE o.inquiry_id = w.id AND o.state IN ('refused', 'lapsed') AND o.answered_at > :since)
        FROM inquiry w
        WHERE w.state = 'waiting' AND w.only_agent = ANY(:agents)
          AND {NOT_ASIDE.format(duty=ROUTE, item="w.id::text")}
    )
    SELECT f.id, f.municipality, f.topic, f.speaks, f.channel, extract(epoch FROM f.deadline)::float8 AS deadline,
           f.only_agent, f.not_to
    FROM front f
""")


# By the order of the one index of what waits, lest the planner read every inquiry there ever was.
SOMETHING = text("SELECT 1 FROM inquiry WHERE state = 'waiting' ORDER BY topic, speaks LIMIT 1")


def something_waits(session: Session) -> bool:
    """Whether there is anything to decide."""
    return session.execute(SOMETHING).first() is not None


def load_snapshot(session: Session, now: datetime, policy: Policy, page: int = 0) -> Snapshot:
    """The desk at `now` (aware) as this transaction sees it: at the most 200 agents with room, and for each class they
    could take no more inquiries than they have room for.

    `page` 0 is the 200 who have been idle longest, 1 those after them; a page that is not full is the last.
    """
    rows = session.execute(READY, {"now": now, "most": MOST_AGENTS, "page": page}).all()
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
    asked = {
        "classes": Jsonb(_classes(agents)),
        "agents": [agent.id for agent in agents],
        "since": since,
        "most": MOST_PER_CLASS,
    }
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


def _classes(agents: tuple[Agent, ...]) -> list[dict[str, object]]:
    """The classes that these agents could take something of: who could, and how many inquiries at the most."""
    able: dict[tuple[str, str, bool], dict[int, int]] = defaultdict(dict)
    for agent in agents:
        for topic, language in product(agent.topics, (*agent.languages, ANY_LANGUAGE)):
            able[topic, language, False][agent.id] = agent.capacity - agent.load
            if agent.load == 0:  # a call takes an agent whole
                able[topic, language, True][agent.id] = 1
    return [
        {"topic": topic, "speaks": language, "is_call": is_call, "agents": [*room], "room": sum(room.values())}
        for (topic, language, is_call), room in sorted(able.items())
    ]
