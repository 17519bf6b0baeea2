"""The duty roster: who is planned to be at work when, and what of that was kept."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import insert, text
from sqlmodel import Session

from hotline.agents.models import Shift
from hotline.clock import DANISH_TIME

COLUMNS = ("username", "begins", "ends")
LONGEST = timedelta(hours=24)

AGENTS = text("SELECT p.username, a.id FROM agent a JOIN person p ON p.id = a.id WHERE p.username = ANY(:names)")
CLEAR = text("DELETE FROM shift WHERE begins >= :since AND begins < :until")
# Of one municipality: seconds planned and seconds signed in, of what lies between two moments.
BESIDE = text("""
    WITH planned AS (
        SELECT a.municipality, sum(extract(epoch FROM least(s.ends, :until) - greatest(s.begins, :since))) AS seconds
        FROM shift s JOIN agent a ON a.id = s.agent_id WHERE s.ends > :since AND s.begins < :until
        GROUP BY a.municipality
    ), said AS (
        SELECT agent_id, at, presence <> 'offline' AND connected AS here,
               lead(at, 1, least(:until, :now)) OVER (PARTITION BY agent_id ORDER BY at, id) AS next
        FROM presence_change WHERE at < least(:until, :now)
    ), there AS (
        SELECT a.municipality, sum(extract(epoch FROM least(next, :until) - greatest(at, :since))) AS seconds
        FROM said JOIN agent a ON a.id = said.agent_id WHERE here AND next > :since GROUP BY a.municipality
    )
    SELECT municipality, coalesce(planned.seconds, 0)::float8 AS planned,
           coalesce(there.seconds, 0)::float8 AS signed_in
    FROM planned FULL JOIN there USING (municipality) ORDER BY municipality
""")


class NoRoster(Exception):
    """What is in the file is no roster; says where and why in one line."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An agent, by user name, is to be at work from `begins` until `ends` (aware)."""

    username: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """Hours of a municipality's agents on some days: planned, and signed in, on a break or not."""

    municipality: str
    planned: float
    signed_in: float


def read(lines: Iterable[str]) -> list[Planned]:
    """A table with the columns username, begins and ends, times as a Danish wall clock shows them (2026-12-01 08:00).

    Raises NoRoster.
    """
    rows = csv.DictReader(lines)
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise NoRoster(f"its first line lacks one of {', '.join(COLUMNS)}")
    found = [_planned(row, number) for number, row in enumerate(rows, 2)]
    by_agent = sorted(found, key=lambda one: (one.username, one.begins))
    for one, other in pairwise(by_agent):
        if one.username == other.username and other.begins < one.ends:
            raise NoRoster(f"{one.username} is there twice at {other.begins:%Y-%m-%d %H:%M}")
    return found


def plan(session: Session, shifts: Sequence[Planned]) -> int:
    """From the first to the last day of these shifts nobody else is planned any more; how many shifts those days have.

    Raises NoRoster for whom nobody knows as an agent.
    """
    if not shifts:
        return 0
    ids = {row.username: row.id for row in session.execute(AGENTS, {"names": [one.username for one in shifts]})}
    for one in shifts:
        if one.username not in ids:
            raise NoRoster(f"there is no agent {one.username}")
    first, last = min(one.begins for one in shifts), max(one.begins for one in shifts)
    session.execute(CLEAR, {"since": _midnight(first.date()), "until": _midnight(last.date() + timedelta(1))})
    rows = [{"agent_id": ids[one.username], "begins": one.begins, "ends": one.ends} for one in shifts]
    session.execute(insert(Shift), rows)
    return len(rows)


def duties(session: Session, first: date, days: int, now: datetime) -> list[Duty]:
    """Of each municipality that has any on so many Danish days from the first on, as it is at `now` (aware)."""
    asked = {"since": _midnight(first), "until": _midnight(first + timedelta(days)), "now": now}
    rows = session.execute(BESIDE, asked)
    return [Duty(row.municipality, row.planned / 3600, row.signed_in / 3600) for row in rows]


def _planned(row: dict[str, str | None], number: int) -> Planned:
    said = {name: (row[name] or "").strip() for name in COLUMNS}
    try:
        begins, ends = (datetime.fromisoformat(said[name]) for name in ("begins", "ends"))
    except ValueError:
        raise NoRoster(f"line {number}: a time is no 2026-12-01 08:00") from None
    if begins.tzinfo or ends.tzinfo or not begins < ends <= begins + LONGEST:
        raise NoRoster(f"line {number}: a shift ends after it begins, within a day, by the clock on the wall")
    return Planned(said["username"], begins.replace(tzinfo=DANISH_TIME), ends.replace(tzinfo=DANISH_TIME))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), DANISH_TIME)
