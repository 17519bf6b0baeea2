"""Reads what alerts go by, and keeps them: begun, gone on and ended by statements whose rows tell."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from hotline.clock import danish
from hotline.statistics import queries
from hotline.statistics.alerts import Change, Kind, Rule, judge, rules
from hotline.statistics.ladder import Rung, begin
from hotline.statistics.measures import SERVICE_LEVELS
from hotline.statistics.promises import percent_of

WEEKS = 4  # that an hour is compared with
HOUR = timedelta(hours=1)
KEPT = timedelta(days=30)  # on the page

OVERDUE = sa.text("""
    SELECT topic, extract(epoch FROM :now - min(deadline))::float8 / 60 AS minutes
    FROM inquiry WHERE state = 'waiting' AND deadline < :now GROUP BY topic HAVING count(*) >= :fewest
""")
LAST = sa.text("""
    SELECT DISTINCT ON (subject) subject, ended_at FROM alert WHERE kind = :kind AND begun_at > :since
    ORDER BY subject, begun_at DESC
""")
BEGIN = sa.text("""
    WITH begun AS (
        INSERT INTO alert (kind, subject, begun_at, value, worst) VALUES (:kind, :subject, :now, :value, :value)
        ON CONFLICT (kind, subject) WHERE ended_at IS NULL DO NOTHING RETURNING id)
    INSERT INTO alert_notice (alert_id, event, at, value) SELECT id, 'alert_began', :now, :value FROM begun RETURNING id
""")
GO_ON = sa.text("""
    UPDATE alert SET value = :value, worst = greatest(worst, :value)
    WHERE kind = :kind AND subject = :subject AND ended_at IS NULL
""")
END = sa.text("""
    WITH ended AS (
        UPDATE alert SET ended_at = :now WHERE kind = :kind AND subject = :subject AND ended_at IS NULL
        RETURNING id, worst)
    INSERT INTO alert_notice (alert_id, event, at, value) SELECT id, 'alert_ended', :now, worst FROM ended RETURNING id
""")
SHOWN = sa.text("""
    SELECT kind, subject, begun_at, ended_at, value, worst FROM alert WHERE ended_at IS NULL OR ended_at > :since
    ORDER BY ended_at DESC NULLS FIRST, begun_at DESC LIMIT 200
""")


def alert(session: Session, now: datetime) -> list[int]:
    """Begin and end whatever the rules say at `now` (aware); two who do it at once do it once.

    Gives back the notices of what began or ended by this call, oldest first, for the caller to hand on.
    """
    notices: list[int] = []
    for kind, rule in rules().items():
        last = {row[0]: row[1] for row in session.execute(LAST, {"kind": str(kind), "since": now - KEPT})}
        running = frozenset(one for one, ended in last.items() if ended is None)
        ended = {one: moment for one, moment in last.items() if moment is not None}
        notices += _write(session, kind, judge(rule, READ[kind](session, rule, now), running, ended, now), now)
    return notices


def shown(session: Session, now: datetime) -> list[sa.Row[Any]]:
    """Those that run, and those that ended in the last month, the newest first."""
    return list(session.execute(SHOWN, {"since": now - KEPT}).all())


def _write(session: Session, kind: Kind, change: Change, now: datetime) -> list[int]:
    notices: list[int] = []
    for statement, values in ((BEGIN, change.begin), (GO_ON, change.go_on), (END, dict.fromkeys(change.end, 0.0))):
        for subject in sorted(values):
            asked = {"kind": str(kind), "subject": subject, "value": values[subject], "now": now}
            done = session.execute(statement, asked)
            notices += done.scalars() if statement is not GO_ON else []
    return notices


def _overdue(session: Session, rule: Rule, now: datetime) -> Mapping[str, float]:
    return {row[0]: row[1] for row in session.execute(OVERDUE, {"now": now, "fewest": rule.fewest})}


def _surging(session: Session, rule: Rule, now: datetime) -> Mapping[str, float]:
    """The last four quarters of an hour that are over, beside the same ones of the weeks before."""
    end = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    usual: dict[str, float] = {}
    for weeks in range(1, WEEKS + 1):
        then = _weeks_before(end, weeks)
        for one in queries.by_topic(session, None, then - HOUR, then):
            usual[one.topic or ""] = usual.get(one.topic or "", 0.0) + one.counts["offered"] / WEEKS
    return {
        one.topic: one.counts["offered"] / max(usual.get(one.topic, 0.0), 1.0)
        for one in queries.by_topic(session, None, end - HOUR, end)
        if one.topic and one.counts["offered"] >= rule.fewest
    }


def _weeks_before(moment: datetime, weeks: int) -> datetime:
    """The same time on a Danish wall clock."""
    return danish(moment) - timedelta(weeks=weeks)


def _under_promise(session: Session, rule: Rule, now: datetime) -> Mapping[str, float]:
    """Of today, by each municipality's own formula."""
    start = begin(Rung.DAY, now)
    figures = {
        one.code: SERVICE_LEVELS[one.measures.sl_formula](one.counts)
        for one in queries.overview(session, start, begin(Rung.DAY, now) + timedelta(days=1))
    }
    m = queries.MUNICIPALITY.c
    promised = {row[0]: row[1] for row in session.execute(sa.select(m.code, percent_of(m.code, start)))}
    return {
        code: promised[code] - 100 * share.value
        for code, share in figures.items()
        if share.whole >= rule.fewest and share.value is not None
    }


READ: dict[Kind, Callable[[Session, Rule, datetime], Mapping[str, float]]] = {
    Kind.WAITING: _overdue,
    Kind.SURGE: _surging,
    Kind.PROMISE: _under_promise,
}
