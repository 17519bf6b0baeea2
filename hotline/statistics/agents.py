"""The work of a municipality's own agents: what each did, and when they were doing what.

For whoever leads them, by name in the alphabet's order: it is no list of who is best, and has no sum beside which
anybody could be measured.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import sqlalchemy as sa
from sqlmodel import Session

from hotline.statistics.measures import Share
from hotline.statistics.tables import Column, Kind, Row, Table

# What was worked beyond the time on duty (a talk that went on) is time on duty as well.
STATES = sa.text("""
    WITH said AS (
        SELECT c.agent_id, c.at, CASE WHEN c.connected THEN c.presence ELSE 'offline' END AS state,
               lead(c.at, 1, CAST(:until AS timestamptz)) OVER (PARTITION BY c.agent_id ORDER BY c.at, c.id) AS next
        FROM presence_change c JOIN agent a ON a.id = c.agent_id AND a.municipality = :code
        WHERE c.at < :until AND c.at > CAST(:since AS timestamptz) - interval '35 days'  -- no sign-in lasts longer
    ), parts AS (
        SELECT * FROM unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[])) AS p(begins, ends)
    )
    SELECT s.agent_id, p.begins, s.state, sum(extract(epoch FROM least(s.next, p.ends) - greatest(s.at, p.begins)))
        AS seconds
    FROM said s JOIN parts p ON s.at < p.ends AND s.next > p.begins
    WHERE s.state <> 'offline' GROUP BY 1, 2, 3
""")
DONE = sa.text("""
    SELECT j.agent_id, p.begins, count(*) FILTER (WHERE j.event = 'accepted') AS answered,
           count(*) FILTER (WHERE j.event IN ('closed', 'handed_over')) AS ended,
           count(*) FILTER (WHERE j.event = 'transferred') AS transferred,
           coalesce(sum(greatest(CAST(j.data ->> 'talk_seconds' AS float8), 0)
                        + greatest(CAST(j.data ->> 'wrap_seconds' AS float8), 0)), 0) AS worked
    FROM journal j
    JOIN unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[])) AS p(begins, ends)
      ON j.at >= p.begins AND j.at < p.ends
    WHERE j.answering = :code AND j.at >= :since AND j.at < :until
      AND j.event IN ('accepted', 'closed', 'handed_over', 'transferred', 'released', 'callback')
    GROUP BY 1, 2
""")
NAMES = sa.text("SELECT p.id, p.name FROM person p JOIN agent a ON a.id = p.id WHERE a.municipality = :code")


@dataclass
class Work:
    """So many inquiries, and so many seconds in each state and of talk and wrap-up."""

    answered: int = 0
    ended: int = 0
    transferred: int = 0
    worked: float = 0.0
    states: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def occupancy(self) -> Share:
        """The part of the time on duty that was talk and wrap-up."""
        on_duty = self.states["available"]
        return Share(min(self.worked, on_duty), on_duty)


def work_of_agents(
    session: Session, code: str, starts: Sequence[datetime], end: datetime, now: datetime
) -> tuple[dict[int, Work], dict[datetime, Work]]:
    """What was done by each agent, and in each interval; they begin at `starts` (aware), the last lasts until `end`."""
    until = min(end, now)
    parts = [(begin, min(stop, until)) for begin, stop in pairwise([*starts, end]) if begin < until]
    asked = {
        "code": code, "until": until, "since": starts[0],
        "begins": [begin for begin, _ in parts], "ends": [stop for _, stop in parts],
    }  # fmt: skip
    by_agent: dict[int, Work] = defaultdict(Work)
    by_start: dict[datetime, Work] = defaultdict(Work)
    for row in session.execute(STATES, asked):
        for work in (by_agent[row.agent_id], by_start[row.begins]):
            work.states[row.state] += float(row.seconds)
    for row in session.execute(DONE, asked):
        for work in (by_agent[row.agent_id], by_start[row.begins]):
            work.answered += row.answered
            work.ended += row.ended
            work.transferred += row.transferred
            work.worked += float(row.worked)
    return dict(by_agent), dict(by_start)


def names_of_agents(session: Session, code: str) -> dict[int, str]:
    """The names of a municipality's agents by their numbers."""
    return {row[0]: row[1] for row in session.execute(NAMES, {"code": code})}


def by_agent_table(work: Mapping[int, Work], names: Mapping[int, str]) -> Table:
    """A row for each, in the order of `names`; who was not there and did nothing has none."""
    rows = [Row([name, *_cells(work[agent])]) for agent, name in names.items() if agent in work]
    return Table("agents", [Column("agent", Kind.WORDS), *COLUMNS], rows, words="agents")


def by_time_table(work: Mapping[datetime, Work], starts: Sequence[datetime], kind: Kind, now: datetime) -> Table:
    """A row for each interval that has begun."""
    rows = [Row([start, *_cells(work.get(start, Work()))]) for start in starts if start < now]
    return Table("agents_over_time", [Column("time", kind), *COLUMNS], rows, words="agents")


COLUMNS = (
    Column("on_duty", Kind.HOURS),
    Column("on_break", Kind.HOURS),
    Column("worked", Kind.HOURS),
    Column("occupancy", Kind.PERCENT),
    Column("answered"),
    Column("ended"),
    Column("transferred"),
)


def _cells(work: Work) -> list[float | None]:
    return [
        work.states["available"],
        work.states["break"],
        work.worked,
        work.occupancy.value,
        work.answered,
        work.ended,
        work.transferred,
    ]
