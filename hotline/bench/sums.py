"""The figures of the years that were made, by a few statements: line by line ten million take hours to count."""

from typing import Any

import psycopg

from hotline.clock import DANISH_TIME
from hotline.statistics.ladder import Rung
from hotline.statistics.models import ANEW, COUNTS, EXCHANGED, FIGURES
from hotline.statistics.waits import BOUNDS

# Of what years.py writes and of nothing else: no other event, everything answered at once and closed.
INTERVALS = """
    WITH line AS (
        SELECT event, municipality, coalesce(topic, '') AS topic, channel, answering, data, date_bin('15 minutes', CASE
                   event WHEN 'classified' THEN (data ->> 'received_at')::timestamptz ELSE at END, 'epoch') AS start,
               round((data ->> 'wait_seconds')::float8 * 1024) / 1024 AS wait,
               round((data ->> 'talk_seconds')::float8 * 1024) / 1024 AS talk,
               round((data ->> 'wrap_seconds')::float8 * 1024) / 1024 AS wrap
        FROM journal WHERE event IN ('classified', 'offered', 'accepted', 'closed')
    ), counted AS (
        SELECT start, municipality, topic, channel, (event = 'classified')::int AS offered,
               (event = 'accepted')::int AS answered,
               (event = 'accepted' AND (data ->> 'wait_seconds')::float8 <= 60)::int AS in_target,
               coalesce(wait, 0) AS wait, (event = 'closed')::int AS closed, coalesce(talk, 0) AS talk,
               coalesce(wrap, 0) AS wrap, (event = 'offered')::int AS made,
               (event = 'accepted' AND answering <> municipality)::int AS by_others, 0 AS for_others
        FROM line
        UNION ALL
        SELECT start, answering, topic, channel, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
        FROM line WHERE event = 'accepted' AND answering <> municipality
    )
    INSERT INTO interval_sum (start, municipality, topic, channel, offered, answered, answered_in_target, wait_seconds,
                              closed, resolved_first_contact, talk_seconds, wrap_seconds, offers_made,
                              answered_by_others, answered_for_others)
    SELECT start, municipality, topic, channel, sum(offered), sum(answered), sum(in_target), sum(wait),
           sum(closed), sum(closed), sum(talk), sum(wrap), sum(made), sum(by_others), sum(for_others)
    FROM counted GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
EXCHANGES = """
    INSERT INTO exchange_sum (start, home, answering, answered, inquiries, talk_seconds, wrap_seconds)
    SELECT date_bin('15 minutes', at, 'epoch'), municipality, answering, count(*) FILTER (WHERE event = 'accepted'),
           count(*) FILTER (WHERE event = 'closed'),
           coalesce(sum(round((data ->> 'talk_seconds')::float8 * 1024) / 1024), 0),
           coalesce(sum(round((data ->> 'wrap_seconds')::float8 * 1024) / 1024), 0)
    FROM journal WHERE event IN ('accepted', 'closed') GROUP BY 1, 2, 3
"""
# A wait is in the first bucket whose bound it does not pass; width_bucket would put it beyond a bound that it is at.
WAITS = """
    INSERT INTO wait_sum (rung, start, municipality, channel, bucket, waited)
    SELECT 'day', date_trunc('day', at, %(zone)s), municipality, channel, cardinality(%(bounds)s::float8[])
               - width_bucket(-(data ->> 'wait_seconds')::float8, %(falling)s::float8[]), count(*)
    FROM journal WHERE event = 'accepted' GROUP BY 1, 2, 3, 4, 5
"""


def sum_up(owner: psycopg.Connection[Any]) -> None:
    """Put the sums of the journal that years.py made in the place of those that stand; on a connection of its owner."""
    every = ", ".join(table.name for books in (FIGURES, ANEW) for table in books.tables)
    owner.execute("SET work_mem = '256MB'")
    owner.execute(f"TRUNCATE {every}")
    zone = str(DANISH_TIME)
    bounds = {"bounds": list(BOUNDS), "falling": [-bound for bound in reversed(BOUNDS)], "zone": zone}
    owner.execute(INTERVALS)
    owner.execute(EXCHANGES)
    owner.execute(WAITS, bounds)
    counts, exchanged = _added(COUNTS), _added(EXCHANGED)
    for rung in Rung:
        cut = f"'{rung}', date_trunc('{rung}', start, '{zone}')"
        for table, keys, of, names, added in (
            ("long_sum", "municipality, topic, channel", "interval_sum", COUNTS, counts),
            ("long_exchange_sum", "home, answering", "exchange_sum", EXCHANGED, exchanged),
        ):
            owner.execute(
                f"INSERT INTO {table} (rung, start, {keys}, {', '.join(names)})"
                f" SELECT {cut}, {keys}, {added} FROM {of} GROUP BY 1, 2, {keys}"
            )
        if rung != Rung.DAY:
            owner.execute(
                f"INSERT INTO wait_sum (rung, start, municipality, channel, bucket, waited)"
                f" SELECT {cut}, municipality, channel, bucket, sum(waited) FROM wait_sum WHERE rung = 'day'"
                f" GROUP BY 1, 2, municipality, channel, bucket"
            )
    owner.execute(
        f"INSERT INTO all_topics_sum (rung, start, municipality, channel, {', '.join(COUNTS)})"
        f" SELECT rung, start, municipality, channel, {counts} FROM long_sum GROUP BY 1, 2, 3, 4"
    )


def _added(names: tuple[str, ...]) -> str:
    return ", ".join(f"sum({name})" for name in names)
