"""Opens what waits further: by time, past a ring that nobody serves, and anew after the agreements have changed."""

from collections.abc import Callable
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Row, text
from sqlmodel import Session

from hotline.clock import at, seconds
from hotline.db import rows_changed
from hotline.inquiries.facts import Widened
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import Event
from hotline.inquiries.step import lines, may
from hotline.routing.rings import Serves
from hotline.routing.together import Reach, Together

AT_ONCE = 1000

# A loose index scan: one step for each municipality, topic and language of what a ring may open further, which is what
# came a short while ago.
YOUNG = text("""
    WITH RECURSIVE young AS (
        (SELECT municipality, topic, speaks FROM inquiry WHERE state = 'waiting' AND widens_at IS NOT NULL
         ORDER BY municipality, topic, speaks LIMIT 1)
        UNION ALL
        SELECT n.municipality, n.topic, n.speaks FROM young y CROSS JOIN LATERAL (
            SELECT i.municipality, i.topic, i.speaks FROM inquiry i
            WHERE i.state = 'waiting' AND i.widens_at IS NOT NULL
              AND (i.municipality, i.topic, i.speaks) > (y.municipality, y.topic, y.speaks)
            ORDER BY i.municipality, i.topic, i.speaks LIMIT 1
        ) n
    )
    SELECT municipality, topic, speaks FROM young LIMIT :most
""")

# Busy or not, on a break or not. OFFSET 0 keeps the planner from beginning with all who have a topic.
SERVED = text("""
    SELECT q.municipality, q.topic, q.speaks
    FROM jsonb_to_recordset(:asked) AS q(municipality text, topic text, speaks text)
    WHERE EXISTS (
        SELECT FROM (SELECT id, languages FROM agent WHERE agent.municipality = q.municipality OFFSET 0) a
        JOIN agent_skill s ON s.agent_id = a.id AND s.topic = q.topic JOIN agent_work w ON w.agent_id = a.id
        WHERE w.connected AND w.presence <> 'offline' AND (q.speaks = '*' OR q.speaks = ANY(a.languages)))
""")

FACTS = "i.id, i.municipality, i.topic, i.speaks, i.queued_at, i.opened, i.circle, i.widens_at, i.outside"
DUE = text(f"""
    SELECT w.* FROM jsonb_to_recordset(:young) AS c(municipality text, topic text, speaks text, unserved boolean)
    CROSS JOIN LATERAL (
        SELECT {FACTS} FROM inquiry i
        WHERE i.state = 'waiting' AND i.widens_at IS NOT NULL AND i.municipality = c.municipality
          AND i.topic = c.topic AND i.speaks = c.speaks AND (c.unserved OR i.widens_at <= :now)
        ORDER BY i.widens_at
    ) w
""")
STALE = text(f"SELECT {FACTS} FROM inquiry i WHERE i.state = 'waiting' AND i.circle = ANY(:old)")
CHANGED = "jsonb_to_recordset(:opened) AS c(id uuid, circle text, opened jsonb, widens_at timestamptz)"
WRITE = text(f"""
    UPDATE inquiry i SET circle = c.circle, opened = c.opened, widens_at = c.widens_at
    FROM {CHANGED}
    WHERE i.id = c.id AND i.state = 'waiting'
""")
LINES = lines(
    Widened,
    ":now",
    "i",
    came_by="coalesce(i.came_by, i.channel)",
    municipalities="c.municipalities",
    early="nullif(c.early, false)",
)
TELL = text(f"""
    {LINES} FROM inquiry i JOIN jsonb_to_recordset(:widened) AS c(id uuid, municipalities int, early boolean)
    ON i.id = c.id WHERE {may(Event.WIDENED)}
""")

Class = tuple[str, str, str]  # a municipality, a topic and a language


def open_anew(inquiry: Inquiry, who: Together, now: datetime) -> None:
    """Open an inquiry as far as time has opened it; past rings that nobody serves the router's next pass goes."""
    assert inquiry.topic is not None  # it waits
    queued_at = seconds(inquiry.queued_at)
    facts = inquiry.municipality, inquiry.topic, queued_at, inquiry.opened, seconds(now)
    reach = who.reach(*facts, is_outside=inquiry.outside)
    inquiry.circle, inquiry.opened, inquiry.widens_at = reach.circle, reach.opened, _moment(reach)


def bring_up_to_date(session: Session, waiting: set[str], who: Together, now: datetime, most: int | None = None) -> int:
    """Put what waits to those who answer it by `now`, and say how many inquiries were put to others.

    That is what rings open, and, after an agreement or a membership has changed, whatever waits. `waiting` are the
    circles of what waits. Where more classes than `most` are young, they are left to who does it once a second.
    """
    young: list[Class] = [tuple(row) for row in session.execute(YOUNG, {"most": None if most is None else most + 1})]
    if most is not None and len(young) > most:
        young = []
    old = sorted(waiting - who.circles)
    if not young and not old:
        return 0
    found = {row.id: row for row in session.execute(STALE, {"old": old})} if old else {}
    asked = {one: [*who.asked(*one[:2])] for one in {*young, *map(_class_of, found.values())}}
    served = _served(session, asked)
    due = [
        {"municipality": one[0], "topic": one[1], "speaks": one[2], "unserved": not all(map(served(one), asked[one]))}
        for one in young
    ]
    if due:
        found |= {row.id: row for row in session.execute(DUE, {"young": Jsonb(due), "now": now})}
    reaches = [(row, _reach(row, who, now, served(_class_of(row)))) for row in found.values()]
    changed = [(row, reach) for row, reach in reaches if _differs(row, reach)]
    _tell(session, [(row, reach) for row, reach in changed if row.opened != reach.opened], now)
    return _write(session, [(row.id, reach) for row, reach in changed])


def _served(session: Session, asked: dict[Class, list[frozenset[str]]]) -> Callable[[Class], Serves]:
    """For each class, whether anybody of some municipalities is signed in for it, of those that its rings wait for."""
    pairs = {(code, *one[1:]) for one, rings in asked.items() for code in chain.from_iterable(rings)}
    rows = Jsonb([{"municipality": code, "topic": topic, "speaks": speaks} for code, topic, speaks in sorted(pairs)])
    served = {tuple(row) for row in session.execute(SERVED, {"asked": rows})} if pairs else set()
    return lambda one: lambda codes: any((code, *one[1:]) in served for code in codes)


def _class_of(row: Row[Any]) -> Class:
    return row.municipality, row.topic, row.speaks


def _reach(row: Row[Any], who: Together, now: datetime, serves: Serves) -> Reach:
    facts = row.municipality, row.topic, seconds(row.queued_at), row.opened, seconds(now)
    return who.reach(*facts, serves, is_outside=row.outside)


def _differs(row: Row[Any], reach: Reach) -> bool:
    return (row.circle, row.opened, row.widens_at) != (reach.circle, reach.opened, _moment(reach))


def _moment(reach: Reach) -> datetime | None:
    return None if reach.widens_at is None else at(reach.widens_at)


def _tell(session: Session, widened: list[tuple[Row[Any], Reach]], now: datetime) -> None:
    """A line of the journal for each that a ring has opened further."""
    rows = [
        {"id": str(row.id), "municipalities": len(reach.open_to), "early": bool(row.widens_at and row.widens_at > now)}
        for row, reach in sorted(widened, key=lambda pair: pair[0].id)
    ]
    for first in range(0, len(rows), AT_ONCE):
        session.execute(TELL, {"widened": Jsonb(rows[first : first + AT_ONCE]), "now": now})


def _write(session: Session, reaches: list[tuple[UUID, Reach]]) -> int:
    rows = [
        {"id": str(inquiry), "circle": one.circle, "opened": one.opened, "widens_at": moment and moment.isoformat()}
        for inquiry, one in sorted(reaches, key=lambda pair: pair[0])
        for moment in [_moment(one)]
    ]
    some = (rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE))
    return sum(rows_changed(session, WRITE, {"opened": Jsonb(one)}) for one in some)
