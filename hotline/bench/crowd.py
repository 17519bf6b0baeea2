"""A hotline of any size in the database, made by a few statements: agents signed in, and what waits for them.

The same sizes give the same agents and inquiries, but for the ids and the moment that all their times count from.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlmodel import Session

from hotline.clock import now
from hotline.directory.shipped import seed_facts
from hotline.directory.together import together
from hotline.routing.together import Together

FEWEST, MOST = 36, 98  # municipalities
AGENTS_EACH = 100  # of a municipality, as far as there are so many municipalities

POOL = """
    WITH pool AS (INSERT INTO collaboration (name, always_open, redial_seconds, sl_formula, home_first_seconds)
                  VALUES ('Bench', true, 600, 'D', %(home_first)s) RETURNING id)
    INSERT INTO membership (collaboration_id, municipality, joined)
    SELECT pool.id, code, '2020-01-01' FROM pool, (SELECT code FROM municipality ORDER BY code LIMIT %(places)s) m
"""
PEOPLE = """
    INSERT INTO person (username, name, role, municipality, active)
    SELECT 'agent-' || n, 'Agent ' || n, 'agent', m.code, true
    FROM generate_series(1, %(agents)s) n
    JOIN (SELECT municipality AS code, row_number() OVER (ORDER BY municipality) AS k FROM membership) m
      ON m.k = 1 + n %% %(places)s
    ORDER BY n
"""
AGENTS = """
    INSERT INTO agent (id, municipality, languages)
    SELECT id, municipality, CASE WHEN chance < 0.55 THEN '{da}' WHEN chance < 0.9 THEN '{da,en}'
                                  WHEN chance < 0.94 THEN '{da,en,de}' WHEN chance < 0.97 THEN '{da,ar}'
                                  ELSE '{da,en,uk}' END::text[]
    FROM (SELECT id, municipality, random() AS chance FROM person ORDER BY id) p
"""
SKILLS = """
    INSERT INTO agent_skill (agent_id, topic, level)
    SELECT a.id, t.slug, 1 + floor(random() * 3) FROM (SELECT id FROM agent ORDER BY id) a
    CROSS JOIN LATERAL (SELECT slug, row_number() OVER (ORDER BY slug) AS k, count(*) OVER () AS all_of_them
                        FROM topic) t
    WHERE random() < 0.3 OR t.k = 1 + a.id %% t.all_of_them
"""
# One inquiry is all that each can have in hand, so that as many offers are made as agents have room.
WORK = """
    INSERT INTO agent_work (agent_id, capacity, load, presence, connected, idle_since)
    SELECT id, 1, (row_number() OVER (ORDER BY id) > %(ready)s)::int, 'available', true,
           now() - random() * interval '10 minutes'
    FROM agent ORDER BY id
"""
HELD = """
    WITH held AS (
        INSERT INTO inquiry (id, reference, integrator_id, channel, municipality, text, state, topic, language, speaks,
                             priority, priority_given, circle, received_at, queued_at, deadline, agent_id, answered_at)
        SELECT uuidv7(), 'H-' || a.id, g.id, 'web', a.municipality, '', 'handling',
               (SELECT min(topic) FROM agent_skill s WHERE s.agent_id = a.id), 'da', 'da', 2, false, '',
               now() - interval '10 minutes', now() - interval '10 minutes', now(), a.id, now() - interval '5 minutes'
        FROM agent a JOIN agent_work w ON w.agent_id = a.id CROSS JOIN integrator g WHERE w.load > 0
        RETURNING id, agent_id
    )
    INSERT INTO offer (inquiry_id, agent_id, units, is_call, state, reason, made_at, lapses_at, answered_at)
    SELECT id, agent_id, 1, false, 'accepted', '', now() - interval '6 minutes', now(), now() - interval '5 minutes'
    FROM held
"""
WAITING = """
    INSERT INTO inquiry (id, reference, integrator_id, channel, municipality, text, state, topic, language, speaks,
                         priority, priority_given, circle, opened, widens_at, received_at, queued_at, deadline)
    SELECT uuidv7(-age), 'W-' || n, g.id, channel, c.municipality, '', 'waiting', t.slug, language, language,
           priority, false, c.circle, c.opened, now() - age + make_interval(secs => c.widens_after),
           now() - age, now() - age,
           now() - age + CASE WHEN channel IN ('phone', 'chat') THEN interval '1 minute' ELSE interval '1 day' END
    FROM (
        SELECT n, (1 - random()) * interval '1 hour' AS age, 1 + floor(random() * %(places)s) AS place,
               1 + floor(random() * (SELECT count(*) FROM topic)) AS topic, 1 + floor(random() * 3) AS priority,
               (ARRAY['phone','phone','phone','phone','phone','phone','web','web','email','chat'])
                   [1 + floor(random() * 10)] AS channel,
               (ARRAY['da','da','da','da','da','da','da','en','ar','uk'])[1 + floor(random() * 10)] AS language
        FROM generate_series(1, %(waiting)s) n
    ) w
    JOIN (SELECT r.*, dense_rank() OVER (ORDER BY municipality) AS k
          FROM jsonb_to_recordset(%(circles)s)
              AS r(municipality text, young boolean, circle text, opened jsonb, widens_after float8)) c
      ON c.k = w.place AND c.young = (w.age < make_interval(secs => %(home_first)s))
    JOIN (SELECT slug, row_number() OVER (ORDER BY slug) AS k FROM topic) t ON t.k = w.topic
    CROSS JOIN integrator g
"""
MADE = (PEOPLE, AGENTS, SKILLS, WORK, HELD, WAITING)


def gather(
    owner: psycopg.Connection[Any], session: Session, agents: int, waiting: int, ready: int, home_first: int
) -> None:
    """So many agents signed in, `ready` of them with room, all others busy, and so many inquiries that wait.

    For `home_first` seconds the citizens' own municipality is asked alone. `owner` is a connection of the tables' owner
    that commits each statement, `session` one of the accounts; the database is migrated and empty.
    """
    seed_facts(session)
    session.commit()
    sizes: dict[str, Any] = {"agents": agents, "waiting": waiting, "ready": ready, "home_first": home_first}
    sizes["places"] = min(MOST, max(FEWEST, agents // AGENTS_EACH))
    owner.execute("INSERT INTO integrator (name, active) VALUES ('Bench', true)")
    owner.execute(POOL, sizes)
    sizes["circles"] = Jsonb(list(_circles(together(session, now()))))
    session.commit()  # a transaction that stands still for as long as the rest takes would be ended
    owner.execute("SELECT setseed(0.5)")
    for statement in MADE:
        owner.execute(statement, sizes)


def _circles(who: Together) -> Iterator[dict[str, Any]]:
    """How far what waits is open, for each member: as it comes, and once home was asked for long enough."""
    for code in sorted(frozenset[str]().union(*(one.members for one in who.agreements.values()))):
        for young in (True, False):
            reach = who.reach(code, "other", 0.0, {}, 0.0 if young else 1e9)
            yield {
                "municipality": code,
                "young": young,
                "circle": reach.circle,
                "opened": reach.opened,
                "widens_after": reach.widens_at,
            }
