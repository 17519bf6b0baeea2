"""Collects what a month is reckoned from: memberships, inhabitants, time on duty, and work from the journal."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from hotline.clock import DANISH_TIME, danish
from hotline.directory.models import Collaboration, Membership
from hotline.inquiries.facts import Abandoned, CalledBack, Closed, Released, Worked, fact_of
from hotline.settlement.errors import InhabitantsUnknown
from hotline.settlement.inhabitants import known
from hotline.settlement.lines import Facts
from hotline.settlement.terms import Basis, Month, Terms, stretches
from hotline.settlement.work import Work

LATE = timedelta(days=100)  # what comes later than that is put right by hand
SOME = 5_000  # inquiries whose work is read at once

ENDED = sa.text("""
    SELECT j.inquiry_id, j.at, j.event, j.municipality, j.answering, j.data FROM journal j
    WHERE j.event IN ('closed', 'handed_over', 'abandoned') AND j.at >= :start AND j.at < :end
      AND j.municipality = ANY (:members)
      AND NOT EXISTS (  -- who closed it opened it again
          SELECT 1 FROM journal r WHERE r.inquiry_id = j.inquiry_id AND r.id > j.id AND r.event = 'reopened')
      AND NOT EXISTS (
          SELECT 1 FROM settled_inquiry s JOIN settlement_statement t ON t.id = s.statement_id
          WHERE s.inquiry_id = j.inquiry_id AND t.collaboration_id = :collaboration)
    ORDER BY j.id
""")
WORKED = sa.text("""
    SELECT inquiry_id, event, answering, data FROM journal
    WHERE inquiry_id = ANY (:some) AND answering IS NOT NULL
      AND event IN ('closed', 'handed_over', 'transferred', 'released', 'callback')
    ORDER BY id
""")
# A day is a Danish one, so that one has 23 hours and one 25.
ON_DUTY = sa.text("""
    WITH said AS (
        SELECT agent_id, at, presence = 'available' AND connected AS here,
               lead(at, 1, :until) OVER (PARTITION BY agent_id ORDER BY at, id) AS next
        FROM presence_change  -- no sign-in lasts longer
        WHERE at < :until AND at > CAST(:since AS timestamptz) - interval '35 days'
    ), days AS (
        SELECT day::date AS day, day AT TIME ZONE 'Europe/Copenhagen' AS begins,
               (day + interval '1 day') AT TIME ZONE 'Europe/Copenhagen' AS ends
        FROM generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), interval '1 day') day
    )
    SELECT d.day, a.municipality,
           sum(1000 * extract(epoch FROM least(s.next, d.ends) - greatest(s.at, d.begins, :since)))::bigint
    FROM said s JOIN agent a ON a.id = s.agent_id
    JOIN days d ON s.at < d.ends AND s.next > d.begins
    WHERE s.here AND least(s.next, d.ends) > greatest(s.at, d.begins, :since)
    GROUP BY 1, 2 ORDER BY 1, 2
""")


@dataclass(frozen=True)
class Before:
    """The months before are closed, from the first one on, and time on duty is settled `until` then."""

    first: Month
    until: datetime


def collect(
    session: Session, held: Collaboration, month: Month, versions: Sequence[Terms], before: Before | None, now: datetime
) -> Facts:
    """The facts of a month as they are at `now` (aware). Raises InhabitantsUnknown where a member's are asked for."""
    memberships = session.exec(select(Membership)).all()
    mine = [one for one in memberships if one.collaboration_id == held.id]
    members = {
        code: frozenset(day for day in month.days if any(one.holds(day) for one in mine if one.municipality == code))
        for code in sorted({one.municipality for one in mine})
    }
    members = {code: held_on for code, held_on in members.items() if held_on}
    bases = {part.basis for stretch in stretches(month, versions) for part in stretch.terms.parts}
    start, end = midnight(month.first), midnight(month.after)
    since = before.until if before else start
    where = _Where(held.id, memberships)
    return Facts(
        members,
        _inhabitants(session, members, month) if Basis.INHABITANTS in bases else {},
        time_on_duty(session, month, since, min(end, max(now, start))) if Basis.HOURS in bases else (),
        list(_work(session, where, start, end)),
        list(_work(session, where, max(midnight(before.first.first), start - LATE), start)) if before else (),
    )


def time_on_duty(session: Session, month: Month, since: datetime, until: datetime) -> list[tuple[date, str, int]]:
    """Milliseconds on duty by day and municipality since then.

    What was left over of the month before counts on the first day of this one.
    """
    asked = {"since": since, "until": until, "first": danish(since).date(), "last": danish(until).date()}
    return [(max(day, month.first), code, spent) for day, code, spent in session.execute(ON_DUTY, asked)]


def midnight(day: date) -> datetime:
    """When a Danish day begins."""
    return datetime.combine(day, time(), DANISH_TIME)


def _inhabitants(session: Session, members: dict[str, frozenset[date]], month: Month) -> dict[str, int]:
    found = known(session, members, month.first)
    if missing := members.keys() - found.keys():
        raise InhabitantsUnknown(code=min(missing), day=str(month.first))
    return found


class _Where:
    """In which collaboration what one municipality does for another's citizens on a day is settled.

    That is one in which both are members on that day: of several, the one that the citizens' own joined first.
    """

    def __init__(self, here: int, memberships: Sequence[Membership]) -> None:
        self.here = here
        self.of = defaultdict(list)
        for one in sorted(memberships, key=lambda one: (one.joined, one.collaboration_id)):
            self.of[one.municipality].append(one)
        self.members = sorted({one.municipality for one in memberships if one.collaboration_id == here})

    def settled_here(self, home: str, answering: str, day: date) -> bool:
        theirs = {one.collaboration_id for one in self.of[answering] if one.holds(day)}
        both = [one.collaboration_id for one in self.of[home] if one.holds(day) and one.collaboration_id in theirs]
        return both[:1] == [self.here]


def _work(session: Session, where: _Where, start: datetime, end: datetime) -> Iterator[Work]:
    asked = {"start": start, "end": end, "members": where.members, "collaboration": where.here}
    ended = session.execute(ENDED, asked).all()
    for begin in range(0, len(ended), SOME):
        some = ended[begin : begin + SOME]
        spent = _spent(session, [one.inquiry_id for one in some])
        for one in some:
            by = spent.get(one.inquiry_id, [])
            if one.answering is not None or by:
                work = _of_inquiry(one, by, where)
                if work.elsewhere < {code for code, _ in work.by} | {work.last}:
                    yield work


def _of_inquiry(ended: Any, by: list[tuple[str, int]], where: _Where) -> Work:
    fact, day = fact_of(ended.event, ended.data), danish(ended.at).date()
    last = ended.answering or by[-1][0]
    involved = {code for code, _ in by} | {last}
    return Work(
        str(ended.inquiry_id),
        day,
        ended.municipality,
        tuple(by),
        last,
        fact.outcome if isinstance(fact, Closed) else None,
        isinstance(fact, Abandoned),
        fact.again_after if isinstance(fact, Closed) else None,
        frozenset(code for code in involved if not where.settled_here(ended.municipality, code, day)),
    )


def _spent(session: Session, some: list[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """Whose agents had them in hand, and for how many milliseconds, in the order of the journal."""
    found = defaultdict(list)
    for line in session.execute(WORKED, {"some": some}):
        fact = fact_of(line.event, line.data)
        if isinstance(fact, Worked):
            found[line.inquiry_id].append((line.answering, _milliseconds(fact.talk_seconds, fact.wrap_seconds)))
        elif isinstance(fact, CalledBack | Released) and fact.talk_seconds is not None:
            found[line.inquiry_id].append((line.answering, _milliseconds(fact.talk_seconds, fact.wrap_seconds or 0)))
    return found


def _milliseconds(*seconds: float) -> int:
    return round(1000 * sum(max(one, 0.0) for one in seconds))
