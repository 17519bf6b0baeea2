"""Rows to a routing.Snapshot, narrow: agents with room, and of the waiting only the front they could take."""

from collections import defaultdict
from datetime import datetime
from itertools import product

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import seconds
from hotline.duties import NOT_ASIDE
from hotline.inquiries.states import QUEUED, sql
from hotline.queue.circles import CLASSES, who_answers
from hotline.routing import timing
from hotline.routing.model import ANY_LANGUAGE, Agent, Inquiry, Snapshot
from hotline.routing.policy import Policy
from hotline.routing.together import Together

MOST_AGENTS = 200
MOST_PER_CLASS = 20
ROUTE = "route"  # what failed alone, inquiry or agent, is passed over for a while

READY = f"""
    SELECT a.id, a.municipality, a.languages, w.capacity, w.load,
           extract(epoch FROM w.idle_since)::float8 AS idle_since,
           (SELECT jsonb_object_agg(s.topic, s.level) FROM agent_skill s WHERE s.agent_id = a.id) AS topics
    FROM agent_work w JOIN agent a ON a.id = w.agent_id
    WHERE w.presence = 'available' AND w.connected AND w.load < w.capacity
      AND (w.rests_until IS NULL OR w.rests_until <= :now)
      AND {NOT_ASIDE.format(duty=ROUTE, item="w.agent_id::text")} {{able}}
    ORDER BY w.idle_since, w.agent_id
    LIMIT :most OFFSET :most * :page
"""
LONGEST_IDLE = text(READY.format(able=""))
# Who could take something of what waits, asked from the few classes that wait to the agents who have their topic.
ABLE = text(
    f"""{CLASSES}
    , asked AS (
        SELECT c.topic, c.speaks, k.is_call, r.municipality
        FROM class c CROSS JOIN (VALUES (true), (false)) AS k(is_call)
        JOIN jsonb_to_recordset(:answers) AS r(municipality text, circle text) ON r.circle = c.circle
        WHERE EXISTS (SELECT 1 FROM inquiry w WHERE w.state = 'waiting' AND w.circle = c.circle AND w.topic = c.topic
                      AND w.speaks = c.speaks AND (w.channel = 'phone') = k.is_call AND w.only_agent IS NULL)
    )"""
    + READY.format(
        able="""AND w.agent_id IN (
          SELECT s.agent_id FROM asked q JOIN agent_skill s ON s.topic = q.topic
          JOIN agent b ON b.id = s.agent_id AND b.municipality = q.municipality
          JOIN agent_work busy ON busy.agent_id = s.agent_id
          WHERE (q.speaks = :anyone OR q.speaks = ANY(b.languages)) AND (NOT q.is_call OR busy.load = 0)
          UNION ALL
          SELECT i.only_agent FROM inquiry i WHERE i.state = 'waiting' AND i.only_agent IS NOT NULL)"""
    )
)

# A class is a circle, a topic, a language, and whether it is a call; each is read from the front of its index, as many
# as there is room for. What every agent of the class has just said no to is passed over, lest it hide what is behind
# it; so is a call whose caller has an earlier one in the queue. What is meant for one agent alone is looked for by that
# agent.
WAITS = f"""
    SELECT w.id, w.municipality, w.topic, w.speaks, w.channel, w.queued_at, w.deadline, w.only_agent,
           said.no, said.no_at, said.had
    FROM inquiry w CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(o.agent_id) FILTER (WHERE o.at > :since), '{{}}') AS no,
               coalesce(array_agg(o.at) FILTER (WHERE o.at > :since), '{{}}') AS no_at,
               coalesce(array_agg(o.agent_id) FILTER (WHERE o.state = 'accepted'), '{{}}') AS had
        FROM (SELECT agent_id, state,
                     extract(epoch FROM CASE state WHEN 'accepted' THEN released_at ELSE answered_at END)::float8 AS at
              FROM offer WHERE inquiry_id = w.id AND state IN ('refused', 'lapsed', 'accepted')) o
    ) said
    WHERE w.state = 'waiting'
      AND coalesce((SELECT e.state NOT IN {sql(QUEUED)}
                    FROM inquiry e WHERE e.id = w.resumes), true)
      AND {NOT_ASIDE.format(duty=ROUTE, item="w.id::text")}
"""
FRONT = text(f"""
    WITH class AS (
        SELECT * FROM jsonb_to_recordset(:classes)
            AS c(circle text, topic text, speaks text, is_call boolean, agents bigint[], room int)
    ), front AS (
        SELECT i.* FROM class c CROSS JOIN LATERAL (
            {WAITS}
              AND w.circle = c.circle AND w.topic = c.topic AND w.speaks = c.speaks
              AND (w.channel = 'phone') = c.is_call AND w.only_agent IS NULL AND NOT c.agents <@ said.no
            ORDER BY w.deadline, w.id
            LIMIT least(c.room, :most)
        ) i
        UNION ALL
        {WAITS} AND w.only_agent = ANY(:agents)
    )
    SELECT f.id, f.municipality, f.topic, f.speaks, f.channel, extract(epoch FROM f.queued_at)::float8 AS queued_at,
           extract(epoch FROM f.deadline)::float8 AS deadline, f.only_agent, f.no, f.no_at, f.had
    FROM front f
""")


def load_snapshot(session: Session, now: datetime, policy: Policy, who: Together, page: int = 0) -> Snapshot:
    """The hotline at `now` (aware) as this transaction sees it: at the most 200 agents with room, and for each class
    they could take no more inquiries than they have room for.

    `who` are those who answer together now. `page` 0 is the 200 who have been idle longest; where they can take
    nothing, 1 and those after it are all who have topic and language of something that waits. A page that is not full
    is the last.
    """
    asked = {"now": now, "most": MOST_AGENTS, "page": max(page - 1, 0)}
    if page:
        asked |= {"answers": who_answers(who), "anyone": ANY_LANGUAGE}
    rows = session.execute(ABLE if page else LONGEST_IDLE, asked).all()
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
    since = timing.asked_again_before(seconds(now), policy)
    return Snapshot(now=seconds(now), waiting=_front(session, agents, who, since) if agents else (), agents=agents)


def _front(session: Session, agents: tuple[Agent, ...], who: Together, since: float) -> tuple[Inquiry, ...]:
    asked = {
        "classes": Jsonb(_classes(agents, who)),
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
            queued_at=row.queued_at,
            deadline=row.deadline,
            answered_by=who.answered_by(row.municipality),
            said_no=frozenset(zip(row.no, row.no_at, strict=True)),
            had_it=frozenset(row.had),
            only_agent=row.only_agent,
        )
        for row in session.execute(FRONT, asked)
    )


def _classes(agents: tuple[Agent, ...], who: Together) -> list[dict[str, object]]:
    """The classes that these agents could take something of: who could, and how many inquiries at the most."""
    able: dict[tuple[str, str, str, bool], dict[int, int]] = defaultdict(dict)
    circles = {code: who.answers(code) for code in {agent.municipality for agent in agents}}
    for agent in agents:
        for circle, topic, language in product(
            circles[agent.municipality], agent.topics, (*agent.languages, ANY_LANGUAGE)
        ):
            able[circle, topic, language, False][agent.id] = agent.capacity - agent.load
            # A call takes an agent whole; one with work in hand is given no more of it while a call waits for them.
            able[circle, topic, language, True][agent.id] = 1
    return [
        {
            "circle": circle,
            "topic": topic,
            "speaks": language,
            "is_call": is_call,
            "agents": [*room],
            "room": sum(room.values()),
        }
        for (circle, topic, language, is_call), room in sorted(able.items())
    ]
