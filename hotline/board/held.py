"""What is in hand, and in whose: those who are gone first, then what has been held for longest."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.inquiries.states import HELD, sql

SHOWN = 200

# Who answers no longer, or is not there: what they hold nobody will end unless somebody takes it.
AWAY = "(NOT w.connected OR i.flag IS NOT NULL AND w.presence = 'offline')"
IN_HAND = text(f"""
    SELECT i.id, i.reference, i.topic, i.channel, i.state, m.name AS municipality_name, p.username AS agent,
           p.name AS agent_name, h.name AS agent_municipality_name, i.flag IS NOT NULL AS flagged,
           NOT p.active OR p.role <> 'agent' AS has_left, {AWAY} AS away,
           extract(epoch FROM :now - i.answered_at)::float8 AS held_seconds
    FROM inquiry i JOIN agent a ON a.id = i.agent_id JOIN agent_work w ON w.agent_id = a.id JOIN person p ON p.id = a.id
    JOIN municipality m ON m.code = i.municipality JOIN municipality h ON h.code = a.municipality
    WHERE i.state IN {sql(HELD)}
      AND (CAST(:of AS text) IS NULL OR i.municipality = :of OR a.municipality = :of)
    ORDER BY NOT p.active OR p.role <> 'agent' OR {AWAY} DESC, i.answered_at, i.id
    LIMIT :most
""")

TOO_LONG = text(f"""
    SELECT reference FROM inquiry WHERE state IN {sql(HELD)}
    AND answered_at < :now - make_interval(secs => :too_long) ORDER BY answered_at, id LIMIT 20
""")


@dataclass(frozen=True)
class Held:
    """One inquiry in hand; `agent` is the user name, `held_seconds` counts from the acceptance."""

    id: uuid.UUID
    reference: str
    topic: str
    channel: str
    state: str
    municipality_name: str
    agent: str
    agent_name: str
    agent_municipality_name: str
    flagged: bool
    has_left: bool
    away: bool
    held_seconds: float


def held(session: Session, now: datetime, municipality: str | None) -> list[Held]:
    """At `now` (aware): of one municipality's citizens or agents, or of the whole pool; at the most 200."""
    asked = {"now": now, "of": municipality, "most": SHOWN}
    return [Held(**row._mapping) for row in session.execute(IN_HAND, asked)]


def held_too_long(session: Session, now: datetime, seconds: float) -> list[str]:
    """References of what has been in hand for longer than so many seconds, the longest first; at the most 20."""
    return list(session.execute(TOO_LONG, {"now": now, "too_long": seconds}).scalars())
