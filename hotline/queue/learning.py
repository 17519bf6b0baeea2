"""learn(): the journal's new lines into what is known of the topics; learned(): that, for a pass of the router."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Row, text
from sqlmodel import Session

from hotline.clock import at, seconds, seconds_between
from hotline.inquiries.models import LIVE_CHANNELS, Channel
from hotline.inquiries.states import Event
from hotline.routing.learned import Learned
from hotline.routing.policy import Policy

BATCH = 20_000  # lines
A_DAY = 86_400.0  # seconds; what is learned of less would take the morning for the whole day

# It begins with what comes from now on, and does so again after a restore from a busier server, whose cursor is beyond
# all that runs here.
BEGIN = text("""
    INSERT INTO learning (id, xid, version, sums)
    VALUES (1, CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text), gen_random_uuid(), :nothing)
    ON CONFLICT (id) DO UPDATE SET xid = excluded.xid WHERE CAST(learning.xid AS xid8) > CAST(excluded.xid AS xid8)
""")
KNOWN = text("SELECT xid, since, sums FROM learning FOR UPDATE")
# Lines of transactions that are all over alone, so that none which commits late is passed by.
LAST = text("""
    SELECT CAST(xid AS text) FROM (
        SELECT xid FROM journal WHERE xid >= CAST(:cursor AS xid8) AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xid LIMIT :batch) batch
    ORDER BY xid DESC LIMIT 1
""")
TELLING = f"""
    SELECT j.event, extract(epoch FROM j.at)::float8 AS at, j.topic, j.channel, j.municipality, j.answering, j.data,
           s.level
    FROM journal j LEFT JOIN agent_skill s ON s.agent_id = j.agent_id AND s.topic = j.topic
    WHERE {{which}} AND j.event IN ('{Event.CLASSIFIED}', '{Event.CLOSED}', '{Event.HANDED_OVER}')
    ORDER BY j.at, j.id
"""
LINES = text(TELLING.format(which="j.xid >= CAST(:cursor AS xid8) AND j.xid <= CAST(:last AS xid8)"))
BEFORE = text(TELLING.format(which="j.at >= :since AND j.at < :moment"))
LONG_AGO = timedelta(days=10)  # what is older hardly counts any more
KEEP = text("""
    UPDATE learning SET xid = CAST(CAST(:last AS bigint) + 1 AS text), since = :since, version = gen_random_uuid(),
                        sums = :sums
""")
TOLD = text("SELECT since, CASE WHEN version = :known THEN NULL ELSE sums END AS sums, version FROM learning")


def learn(session: Session, policy: Policy) -> int:
    """Take the journal's new lines, each exactly once; how many lines told of something. The caller commits."""
    session.execute(BEGIN, {"nothing": Jsonb(Learned().sums())})
    known = session.execute(KNOWN).one()
    last = session.execute(LAST, {"cursor": known.xid, "batch": BATCH}).scalar_one_or_none()
    if last is None:
        return 0
    found, since = Learned.of(known.sums), known.since
    lines = session.execute(LINES, {"cursor": known.xid, "last": last}).all()
    for line in lines:
        _take(found, line, policy)
        if since is None and line.event == Event.CLASSIFIED:
            since = at(line.at)
    session.execute(KEEP, {"last": last, "since": since, "sums": Jsonb(found.sums())})
    return len(lines)


def learned_before(session: Session, moment: datetime, policy: Policy) -> Learned:
    """What was known at `moment` (aware) in the past, from the lines of ten days before it, on a clock that stood at 0
    then; nothing where they begin less than a day before."""
    found = Learned()
    lines = session.execute(BEFORE, {"since": moment - LONG_AGO, "moment": moment}).all()
    if lines and lines[0].at <= seconds(moment) - A_DAY:
        for line in lines:
            _take(found, line, policy, began=seconds(moment))
    return found


def _take(found: Learned, line: Row[Any], policy: Policy, began: float = 0.0) -> None:
    if line.event == Event.CLASSIFIED:
        if line.channel in LIVE_CHANNELS:
            found.came(line.topic, line.data["language"], line.at - began, line.municipality)
        return
    spent = line.data["talk_seconds"] + line.data["wrap_seconds"]
    if line.topic is not None and spent > 0:
        pace = policy.pace.get(line.level, 1.0)  # of who has lost the skill since, the usual
        found.was_handled(line.topic, line.channel == Channel.PHONE, spent / pace, line.answering or "")


def learned(session: Session, now: datetime) -> Learned:
    """What is known at `now` (aware); nothing before a day has been learned. It is not to be told of anything."""
    last = _last()
    told = session.execute(TOLD, {"known": last.version}).one_or_none()
    if told is None or told.since is None or seconds_between(told.since, now) < A_DAY:
        return Learned()
    if told.sums is not None:
        last.version, last.learned = told.version, Learned.of(told.sums)
    return last.learned


class _Last:
    """What this process read last."""

    version: object = None
    learned = Learned()


@lru_cache
def _last() -> _Last:
    return _Last()
