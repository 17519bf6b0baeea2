"""Rows to a routing.Snapshot, narrow: of what waits only the front that some agents with room could take."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import seconds
from hotline.duties import NOT_ASIDE
from hotline.inquiries.states import QUEUED, sql
from hotline.queue.circles import FOR_ONE, calls_in
from hotline.queue.learning import learned
from hotline.queue.ready import NOT_AGAIN, ROUTE, Class
from hotline.queue.signed_in import signed_in
from hotline.routing import timing
from hotline.routing.fronts import MOST_OF_A_CLASS
from hotline.routing.model import ANY_LANGUAGE, CROWDED, Ability, Agent, Inquiry, Snapshot
from hotline.routing.policy import Policy
from hotline.routing.together import Together

MOST_WAITING = 100  # the earliest due of all classes, and of each class the first besides

# A class is a circle, a topic, a language, and whether it is a call; each is read from the front of its index, as many
# as there is room for. What every agent of the class has just said no to is passed over, lest it hide what is behind
# it; so is a call whose caller has an earlier one of the same class in the queue: of another class it is for others,
# who may be free while nobody is there for the earlier. What is meant for one agent alone is looked for by that agent.
BEHIND_ANOTHER = f"""EXISTS (
        SELECT FROM inquiry e
        WHERE e.id = w.resumes AND e.state IN {sql(QUEUED)}
          AND coalesce(e.topic = w.topic AND e.speaks = w.speaks, true))"""
WAITS = f"""
    SELECT w.id, w.municipality, w.topic, w.speaks, w.circle, w.outside, w.channel, w.queued_at, w.deadline,
           w.only_agent, said.no, said.had
    FROM inquiry w CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(o.agent_id)
                            FILTER (WHERE {NOT_AGAIN.format(at="o.at", state="o.state")}), '{{}}') AS no,
               coalesce(array_agg(o.agent_id) FILTER (WHERE o.state = 'accepted'), '{{}}') AS had
        FROM (SELECT agent_id, state, CASE state WHEN 'accepted' THEN released_at ELSE answered_at END AS at
              FROM offer WHERE inquiry_id = w.id AND state IN ('refused', 'lapsed', 'accepted')) o
    ) said
    WHERE NOT {BEHIND_ANOTHER}
      AND {NOT_ASIDE.format(duty=ROUTE, item="w.id::text")}
"""
# Of calls that nobody could take now, the first of those that the same agents are kept for is as good as the first of
# each. Whether all of these agents, numbers with commas between, have said no; hardly ever has anybody.
ALL_SAID_NO = "({no} <> '{{}}' AND string_to_array({agents}, ',')::bigint[] <@ {no})"
FRONT = text(f"""
    WITH found AS (
        SELECT CASE WHEN c.idle = '' THEN 0 ELSE c.number END AS number, c.able, i.*,
               {ALL_SAID_NO.format(agents="c.idle", no="i.no")} AS is_held_up
        FROM unnest(CAST(:circles AS text[]), CAST(:topics AS text[]), CAST(:languages AS text[]),
                    CAST(:calls AS boolean[]), CAST(:able AS text[]), CAST(:idle AS text[]), CAST(:room AS int[]))
            WITH ORDINALITY AS c(circle, topic, speaks, is_call, able, idle, room, number)
        CROSS JOIN LATERAL (
            {WAITS} AND w.state = 'waiting'
              AND w.circle = c.circle AND w.topic = c.topic AND w.speaks = c.speaks
              AND (w.channel = 'phone') = c.is_call AND w.only_agent IS NULL
              AND NOT {ALL_SAID_NO.format(agents="c.able", no="said.no")}
            ORDER BY w.deadline, w.id
            LIMIT least(c.room, :most)
        ) i
    ), front AS (
        SELECT f.*, row_number() OVER (
                   PARTITION BY number, able, topic, speaks, is_held_up ORDER BY deadline, id) AS of_class,
               row_number() OVER (ORDER BY deadline, id) AS of_all
        FROM found f
        UNION ALL
        SELECT 0, '', i.*, false, 1, 1 FROM unnest(CAST(:agents AS bigint[])) AS m(agent)
        CROSS JOIN LATERAL ({WAITS} AND w.only_agent = m.agent AND {FOR_ONE.format(of="w")} OFFSET 0) i
    )
    SELECT f.id, f.municipality, f.topic, f.speaks, f.circle, f.outside, f.channel,
           extract(epoch FROM f.queued_at)::float8 AS queued_at,
           extract(epoch FROM f.deadline)::float8 AS deadline, f.only_agent, f.no, f.had,
           CASE WHEN f.channel = 'phone'
                 AND row_number() OVER (PARTITION BY f.circle, f.topic, f.speaks, f.channel ORDER BY f.id) = 1 THEN (
               SELECT count(*) FROM (
                   SELECT FROM inquiry w
                   WHERE w.state = 'waiting' AND w.circle = f.circle AND w.topic = f.topic AND w.speaks = f.speaks
                     AND (w.channel = 'phone') = true
                   ORDER BY w.deadline, w.id LIMIT :crowded) w
           ) ELSE 0 END AS calls
    FROM front f WHERE f.of_class = 1 OR f.of_all <= :front
""")


def load_snapshot(
    session: Session, now: datetime, policy: Policy, who: Together, agents: tuple[Agent, ...], waiting: set[str]
) -> Snapshot:
    """The hotline at `now` (aware) as these agents with room see it: of each class that they could take something of
    the first, of all of them the hundred that are due first.

    `who` are those who answer together now, `waiting` the circles of all that waits.
    """
    again = timing.asked_again_before(seconds(now), policy)
    front, calls = _front(session, agents, who, waiting, again) if agents else ((), Counter[Ability]())
    return Snapshot(
        now=seconds(now),
        waiting=front,
        agents=agents,
        signed_in=signed_in(session, agents),
        learned=learned(session, now),
        calls_waiting=calls,
        agreements=who.home_first,
    )


def _front(
    session: Session, agents: tuple[Agent, ...], who: Together, waiting: set[str], again: dict[str, float]
) -> tuple[tuple[Inquiry, ...], Counter[Ability]]:
    asked = _columns(_classes(session, agents, who, waiting)) | {
        "agents": [agent.id for agent in agents],
        **again,
        "most": MOST_OF_A_CLASS,
        "front": MOST_WAITING,
        "crowded": CROWDED,
    }
    rows = session.execute(FRONT, asked).all()
    calls = Counter[Ability]()
    for row in rows:
        calls[row.topic, row.speaks] += row.calls
    inquiries = tuple(
        Inquiry(
            id=str(row.id),
            municipality=row.municipality,
            topic=row.topic,
            language=row.speaks,
            channel=row.channel,
            queued_at=row.queued_at,
            deadline=row.deadline,
            answered_by=who.answered_by(row.municipality, row.topic, is_outside=row.outside),
            open_to=who.open_to(row.circle),
            is_outside=row.outside,
            said_no=frozenset(row.no),
            had_it=frozenset(row.had),
            only_agent=row.only_agent,
        )
        for row in rows
    )
    return inquiries, calls


@dataclass
class _Able:
    """Who could take something of a class, now or once idle, and for how much of it they have room."""

    agents: list[int] = field(default_factory=list)
    idle: list[int] = field(default_factory=list)
    room: int = 0


def _classes(session: Session, agents: tuple[Agent, ...], who: Together, waiting: set[str]) -> dict[Class, _Able]:
    """The classes that these agents could take something of.

    A call takes an agent whole: of those with work in hand is only to be known whether one waits for them. So it is of
    a call that is open to them only later, lest they are given written work that is due after it.
    """
    classes: dict[Class, _Able] = defaultdict(_Able)
    places = {agent.municipality for agent in agents}
    now = {code: {circle for circle in waiting if code in who.open_to(circle)} for code in places}
    for agent in agents:
        for circle, topic, language in product(now[agent.municipality], agent.topics, (*agent.languages, ANY_LANGUAGE)):
            for is_call in (False, True):
                able = classes[circle, topic, language, is_call]
                able.agents.append(agent.id)
                able.room += 1 if is_call else agent.capacity - agent.load
                if not (is_call and agent.load):
                    able.idle.append(agent.id)
    later = {circle: who.open_later(circle) - who.open_to(circle) for circle in waiting}
    for circle, topic, language in calls_in(session, (one for one, codes in later.items() if codes & places)):
        for agent in agents:
            speaks = language == ANY_LANGUAGE or language in agent.languages
            if agent.municipality in later[circle] and topic in agent.topics and speaks:
                able = classes[circle, topic, language, True]
                able.agents.append(agent.id)
                able.room += 1
    return classes


def _columns(classes: dict[Class, _Able]) -> dict[str, list[Any]]:
    """The classes as the statement takes them, each column an array."""
    keys = sorted(classes)
    return {
        "circles": [key[0] for key in keys],
        "topics": [key[1] for key in keys],
        "languages": [key[2] for key in keys],
        "calls": [key[3] for key in keys],
        "able": [",".join(map(str, classes[key].agents)) for key in keys],
        "idle": [",".join(map(str, classes[key].idle)) for key in keys],
        "room": [classes[key].room for key in keys],
    }
