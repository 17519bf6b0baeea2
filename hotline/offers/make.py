"""make(): matches become offers, each by conditional statements whose rows tell which ones still hold."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import at, seconds
from hotline.inquiries.facts import Offered
from hotline.inquiries.states import Event
from hotline.inquiries.step import lines, may, then
from hotline.live import tell_agents_later
from hotline.routing import timing
from hotline.routing.model import Match
from hotline.routing.policy import Policy

# Whoever changes an inquiry locks it first, then its offer, then its agent. What somebody else holds just now is left
# for the next run; a line that somebody writes about an inquiry, and that names it, is no such hold.
STILL_WAITING = text(f"""
    SELECT id FROM inquiry WHERE id = ANY(:inquiries) AND {may(Event.OFFERED)} ORDER BY id
    FOR NO KEY UPDATE SKIP LOCKED
""")

STILL_ROOM = text("""
    UPDATE agent_work a SET load = a.load + w.units
    FROM (SELECT agent, sum(units)::smallint AS units
          FROM jsonb_to_recordset(:matches) AS m(agent bigint, units smallint) GROUP BY agent) w
    WHERE a.agent_id = w.agent AND a.presence = 'available' AND a.connected AND a.load + w.units <= a.capacity
    RETURNING a.agent_id
""")

CAME_BY = "coalesce(o.came_by, o.channel)"
LAPSES = "CAST(:lapses AS timestamptz)"
LINES = lines(Offered, ":now", "o", by="a", came_by=CAME_BY, offer_id="d.id", lapses_at=LAPSES)
WRITE = text(f"""
    WITH match AS (
        SELECT * FROM jsonb_to_recordset(:matches) AS m(inquiry uuid, agent bigint, units smallint, is_call boolean,
                                                        why jsonb)
    ), offered AS (
        UPDATE inquiry i SET state = {then(Event.OFFERED)} FROM match m WHERE i.id = m.inquiry
        RETURNING i.id, i.municipality, i.topic, i.channel, i.came_by
    ), made AS (
        INSERT INTO offer (inquiry_id, agent_id, units, is_call, state, why, made_at, lapses_at)
        SELECT m.inquiry, m.agent, m.units, m.is_call, 'open', m.why, :now, :lapses FROM match m
        RETURNING id, inquiry_id, agent_id
    )
    {LINES} FROM made d JOIN offered o ON o.id = d.inquiry_id JOIN agent a ON a.id = d.agent_id
""")


def make(session: Session, matches: Sequence[Match], now: datetime, policy: Policy) -> int:
    """Offer each inquiry to its agent until `now` plus the policy's time to answer; how many offers were made.

    A match is dropped where the inquiry no longer waits, or the agent has left or has not enough room for all that
    was meant for them; the next run sees to what is left.
    """
    if not matches:
        return 0
    ids = [match.inquiry for match in matches]
    waiting = {str(row.id) for row in session.execute(STILL_WAITING, {"inquiries": ids})}
    matches = [match for match in matches if match.inquiry in waiting]
    with_room = {row.agent_id for row in session.execute(STILL_ROOM, {"matches": _rows(matches)})}
    matches = [match for match in matches if match.agent in with_room]
    if matches:
        lapses = at(timing.lapses_at(seconds(now), policy))
        session.execute(WRITE, {"matches": _rows(matches), "now": now, "lapses": lapses})
        tell_agents_later(session, with_room)
    return len(matches)


def _rows(matches: Sequence[Match]) -> Jsonb:
    return Jsonb([asdict(match) for match in matches])
