"""Which agents a look of the router is about: all with room where they are few, else the best few of each class."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from hotline.clock import seconds
from hotline.duties import NOT_ASIDE
from hotline.queue.circles import FOR_ONE, who_answers
from hotline.routing import timing
from hotline.routing.model import ANY_LANGUAGE, Agent
from hotline.routing.policy import Policy
from hotline.routing.together import Together

ROUTE = "route"  # what failed alone, inquiry or agent, is passed over for a while
FEW = 64  # agents; so many are asked what they could take, of more than that what waits asks for the best
MOST_AGENTS = 200
CLASSES_AT_ONCE = 200
BEST = 10  # agents of a class, the longest idle
LONGEST_IDLE = 500  # agents among whom the best are looked for first
HEADS = 3  # of a class; who has just said no to one of them comes after all others

# Whether an agent who said no to an inquiry, in an offer of this state, is not to be asked for it again yet.
NOT_AGAIN = """
    extract(epoch FROM {at})::float8 > CASE {state} WHEN 'refused' THEN CAST(:refused AS float8)
        WHEN 'lapsed' THEN CAST(:missed AS float8) ELSE CAST(:passed_on AS float8) END
"""
HAS_ROOM = f"""
    w.presence = 'available' AND w.connected AND w.load < w.capacity
    AND (w.rests_until IS NULL OR w.rests_until <= :now)
    AND {NOT_ASIDE.format(duty=ROUTE, item="w.agent_id::text")}
"""
AGENT = """
    a.id, a.municipality, a.languages, w.capacity, w.load, extract(epoch FROM w.idle_since)::float8 AS idle_since,
    (SELECT jsonb_object_agg(s.topic, s.level) FROM agent_skill s WHERE s.agent_id = a.id) AS topics,
    (SELECT extract(epoch FROM max(s.ends))::float8 FROM shift s
     WHERE s.agent_id = a.id AND s.begins <= :now AND s.ends > :now) AS until
"""
WITH_ROOM = text(f"""
    SELECT {AGENT}
    FROM agent_work w JOIN agent a ON a.id = w.agent_id
    WHERE {HAS_ROOM}
    ORDER BY w.idle_since, w.agent_id
    LIMIT :most
""")

# The classes that wait, from one on, in the order of their index: one step for each, however many inquiries wait. Of
# each, who could take it: of those who have been idle longest, or, where none of them can, anybody who has its topic.
# OFFSET 0 keeps the planner from beginning with all who have a topic.
BEST_OF_CLASSES = text(f"""
    WITH RECURSIVE class AS (
        (SELECT circle, topic, speaks, (channel = 'phone') AS is_call FROM inquiry
         WHERE state = 'waiting' AND (circle, topic, speaks, (channel = 'phone')) > (:circle, :topic, :speaks, :is_call)
         ORDER BY circle, topic, speaks, (channel = 'phone') LIMIT 1)
        UNION ALL
        SELECT n.circle, n.topic, n.speaks, n.is_call FROM class c CROSS JOIN LATERAL (
            SELECT i.circle, i.topic, i.speaks, (i.channel = 'phone') AS is_call FROM inquiry i
            WHERE i.state = 'waiting'
              AND (i.circle, i.topic, i.speaks, (i.channel = 'phone')) > (c.circle, c.topic, c.speaks, c.is_call)
            ORDER BY i.circle, i.topic, i.speaks, (i.channel = 'phone') LIMIT 1
        ) n
    ), asked AS MATERIALIZED (
        SELECT c.*, row_number() OVER () AS number,
               (SELECT array_agg(r.municipality) FROM jsonb_to_recordset(:answers) AS r(municipality text, circle text)
                WHERE r.circle = c.circle) AS places,
               (SELECT coalesce(array_agg(o.agent_id), '{{}}') FROM (
                    SELECT i.id FROM inquiry i
                    WHERE i.state = 'waiting' AND i.circle = c.circle AND i.topic = c.topic AND i.speaks = c.speaks
                      AND (i.channel = 'phone') = c.is_call
                    ORDER BY i.deadline, i.id LIMIT :heads
                ) h JOIN offer o ON o.inquiry_id = h.id
                WHERE o.state IN ('refused', 'lapsed')
                  AND {NOT_AGAIN.format(at="o.answered_at", state="o.state")}) AS no
        FROM (SELECT * FROM class LIMIT :classes) c
    ), idle AS MATERIALIZED (
        SELECT w.agent_id, w.idle_since, w.load, a.municipality, a.languages
        FROM agent_work w JOIN agent a ON a.id = w.agent_id
        WHERE {HAS_ROOM}
        ORDER BY w.idle_since, w.agent_id
        LIMIT :idle
    ), can AS MATERIALIZED (
        SELECT p.*, s.topic FROM idle p
        CROSS JOIN LATERAL (SELECT topic FROM agent_skill s WHERE s.agent_id = p.agent_id OFFSET 0) s
    ), near AS MATERIALIZED (
        SELECT q.number, p.agent_id, p.idle_since, row_number() OVER (
                   PARTITION BY q.number ORDER BY p.agent_id = ANY(q.no), p.idle_since, p.agent_id) AS place
        FROM asked q JOIN can p ON p.topic = q.topic AND p.municipality = ANY(q.places)
        WHERE (q.speaks = :anyone OR q.speaks = ANY(p.languages)) AND (NOT q.is_call OR p.load = 0)
    ), best AS (
        SELECT agent_id, idle_since, place FROM near WHERE place <= :best
        UNION ALL
        SELECT f.agent_id, f.idle_since, row_number() OVER (PARTITION BY q.number)
        FROM asked q CROSS JOIN LATERAL (
            SELECT w.agent_id, w.idle_since
            FROM agent_skill s JOIN agent_work w ON w.agent_id = s.agent_id JOIN agent a ON a.id = s.agent_id
            WHERE s.topic = q.topic AND a.municipality = ANY(q.places)
              AND (q.speaks = :anyone OR q.speaks = ANY(a.languages)) AND (NOT q.is_call OR w.load = 0) AND {HAS_ROOM}
            LIMIT :best
        ) f
        WHERE NOT EXISTS (SELECT 1 FROM near n WHERE n.number = q.number)
        UNION ALL
        SELECT w.agent_id, w.idle_since, 1
        FROM (SELECT only_agent FROM inquiry i WHERE {FOR_ONE.format(of="i")} LIMIT :idle) i
        JOIN agent_work w ON w.agent_id = i.only_agent
        WHERE {HAS_ROOM}
    )
    SELECT l.last, {AGENT}
    FROM (SELECT (SELECT jsonb_build_array(q.circle, q.topic, q.speaks, q.is_call)
                  FROM asked q WHERE q.number = :classes) AS last) l
    LEFT JOIN (
        (SELECT agent_id FROM best GROUP BY agent_id ORDER BY min(place), min(idle_since), agent_id LIMIT :most) b
        JOIN agent_work w ON w.agent_id = b.agent_id JOIN agent a ON a.id = b.agent_id
    ) ON true
""")

Class = tuple[str, str, str, bool]  # a circle, a topic, a language, and whether it is a call
FIRST: Class = ("", "", "", False)  # comes before all of them


@dataclass(frozen=True)
class Ready:
    """Agents with room. Where they are not all, they are the best of some classes, of which `last` is the last one;
    None where no class comes after."""

    agents: tuple[Agent, ...]
    are_all: bool
    last: Class | None = None


def ready(
    session: Session, now: datetime, policy: Policy, who: Together, waiting: set[str], after: Class = FIRST
) -> Ready:
    """All agents with room at `now` where they are 64 or fewer; of more, 200 at the most: the best ten of each of the
    200 classes that come `after` one.

    `who` are those who answer together now, `waiting` the circles of what waits; who has just said no comes
    last.
    """
    rows = session.execute(WITH_ROOM, {"now": now, "most": FEW + 1}).all()
    if len(rows) <= FEW:
        return Ready(tuple(map(_agent, rows)), are_all=True)
    asked = {
        "now": now,
        **timing.asked_again_before(seconds(now), policy),
        "answers": who_answers(who, waiting),
        "anyone": ANY_LANGUAGE,
        "classes": CLASSES_AT_ONCE,
        "heads": HEADS,
        "idle": LONGEST_IDLE,
        "best": BEST,
        "most": MOST_AGENTS,
        **dict(zip(("circle", "topic", "speaks", "is_call"), after, strict=True)),
    }
    rows = session.execute(BEST_OF_CLASSES, asked).all()
    last = rows[0].last
    agents = tuple(_agent(row) for row in rows if row.id is not None)
    return Ready(agents, are_all=False, last=tuple(last) if last else None)


def _agent(row: Row[Any]) -> Agent:
    return Agent(
        id=row.id,
        municipality=row.municipality,
        topics=row.topics or {},
        languages=frozenset(row.languages),
        capacity=row.capacity,
        load=row.load,
        idle_since=row.idle_since or 0.0,
        until=row.until,
    )
