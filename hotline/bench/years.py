"""Three years of closed inquiries with their journal, made in the database by a few statements."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg

YEARS = timedelta(days=3 * 365)
CHUNK = 20_000  # inquiries a transaction

MEMBERS = """
    WITH pool AS (INSERT INTO collaboration (name, always_open, redial_seconds, sl_formula)
                  VALUES ('Bench', false, 600, 'D') RETURNING id),
         open AS (INSERT INTO opening_hours (collaboration_id, weekday, opens, closes)
                  SELECT id, weekday, '08:00', '20:00' FROM pool, generate_series(0, 4) weekday)
    INSERT INTO membership (collaboration_id, municipality, joined)
    SELECT pool.id, code, '2020-01-01' FROM pool, municipality
"""
# The first municipality of all has an eighth of the citizens who ask; four of ten are answered at home.
MADE = """
    WITH drawn AS MATERIALIZED (
        SELECT n, day + interval '7 hours' + random() * interval '12 hours' AS at,
               (%(codes)s::text[])[1 + floor(98 * power(random(), 2.2))] AS home,
               (%(codes)s::text[])[1 + floor(98 * random())] AS other, random() < 0.4 AS is_home,
               (%(topics)s::text[])[1 + floor(random() * cardinality(%(topics)s::text[]))] AS topic,
               (ARRAY['phone','phone','phone','phone','phone','phone','web','email','chat','sms'])
                   [1 + floor(random() * 10)] AS channel,
               -ln(1 - random()) * 40 AS wait, 30 + random() * 600 AS talk, random() * 60 AS wrap
        FROM (SELECT n, date_trunc('day', %(begin)s::timestamptz + n * %(step)s::interval) AS day
              FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) d
    ), made AS MATERIALIZED (
        SELECT *, uuidv7(at - now()) AS id, CASE WHEN is_home THEN home ELSE other END AS answering,
               jsonb_build_object('received_at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))
                   AS came
        FROM drawn
    ), stored AS (
        INSERT INTO inquiry (id, reference, integrator_id, channel, municipality, text, state, topic, language, speaks,
                             priority, priority_given, received_at, queued_at, deadline, answered_at, ended_at, outcome)
        SELECT id, 'B-' || n, (SELECT min(id) FROM integrator), channel, home, '', 'closed', topic, 'da', 'da', 2,
               false, at, at, at + interval '1 minute', at + wait * interval '1 second',
               at + (wait + talk + wrap) * interval '1 second', 'resolved'
        FROM made
    )
    INSERT INTO journal (at, event, inquiry_id, municipality, topic, channel, answering, data)
    SELECT at + after * interval '1 second', event, id, home, topic, channel, by, fact
    FROM made CROSS JOIN LATERAL (VALUES
        ('received', 0, NULL, came),
        ('classified', 1, NULL, came || '{"language": "da", "priority": 2, "urgent": false}'),
        ('offered', wait - 1, answering, jsonb_build_object('offer_id', n, 'lapses_at', came ->> 'received_at')),
        ('accepted', wait, answering, jsonb_build_object(
            'offer_id', n, 'first', true, 'wait_seconds', round(wait::numeric, 3), 'target_seconds', 60)),
        ('closed', wait + talk + wrap, answering, jsonb_build_object(
            'outcome', 'resolved', 'first_contact', true, 'talk_seconds', round(talk::numeric, 3),
            'wrap_seconds', round(wrap::numeric, 3)))
    ) AS e(event, after, by, fact)
    ORDER BY n
"""


def live_through(
    owner: psycopg.Connection[Any], inquiries: int, until: datetime, told: Callable[[int], None]
) -> list[str]:
    """Make so many inquiries, spread evenly over the three years before `until` (aware); `told` how many there are.

    `owner` is a connection of the tables' owner that commits each statement, to a database that has the shipped facts.
    Gives back the municipalities, by how many citizens ask.
    """
    owner.execute("INSERT INTO integrator (name, active) VALUES ('Bench', true)")
    owner.execute(MEMBERS)
    owner.execute("SELECT setseed(0.5)")
    codes = [row[0] for row in owner.execute("SELECT code FROM municipality ORDER BY code")]
    topics = [row[0] for row in owner.execute("SELECT slug FROM topic ORDER BY slug")]
    asked = {"codes": codes, "topics": topics, "begin": until - YEARS, "step": YEARS / inquiries}
    for first in range(0, inquiries, CHUNK):
        last = min(first + CHUNK, inquiries) - 1
        owner.execute(MADE, asked | {"first": first, "last": last})
        told(last + 1)
    return codes
