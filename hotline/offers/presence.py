"""What an agent says of themselves, and whether they are still there."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.access.sessions import idle_since
from hotline.directory.models import Agent, Presence, PresenceChange
from hotline.duties import NOT_ASIDE
from hotline.inquiries.facts import Flagged
from hotline.inquiries.journal import record
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import HELD
from hotline.live import tell_agents_later, wake_router_later

ABSENT = "agent not heard of"

# The clock stands still while no web process beats; a beat after a longer silence than that counts for nothing.
TICK = text("""
    INSERT INTO web_clock (id, seconds, beat_at) VALUES (1, 0, :now)
    ON CONFLICT (id) DO UPDATE SET
        seconds = web_clock.seconds + CASE WHEN :now - web_clock.beat_at > make_interval(secs => :silence) THEN 0
            ELSE greatest(extract(epoch FROM :now - web_clock.beat_at), 0)::float8 END,
        beat_at = greatest(web_clock.beat_at, :now)
""")

SEEN = text("""
    INSERT INTO agent_seen (agent_id, seconds)
    SELECT a.id, (SELECT seconds FROM web_clock) FROM agent a WHERE a.id = ANY(:agents) ORDER BY a.id
    ON CONFLICT (agent_id) DO UPDATE SET seconds = greatest(agent_seen.seconds, excluded.seconds)
""")

# Held first, so that whoever signs out meanwhile is seen to have done so: a console may be heard of a moment longer.
AWAY = text("SELECT id FROM agent WHERE id = ANY(:agents) AND NOT connected ORDER BY id FOR NO KEY UPDATE")

BACK = text("""
    UPDATE agent SET connected = true
    WHERE id = ANY(:agents) AND NOT connected AND EXISTS (
        SELECT FROM sign_in_session s
        WHERE s.person_id = agent.id AND s.ends_at > :now AND s.seen_at > :idle_since)
    RETURNING id, presence
""")

SILENT_FOR = text(f"""
    SELECT a.id FROM agent a JOIN agent_seen s ON s.agent_id = a.id CROSS JOIN web_clock c
    WHERE a.connected AND c.seconds - s.seconds >= :gone_after
      AND {NOT_ASIDE.format(duty="absence", item="a.id::text")}
    ORDER BY a.id
""")

GONE = text("""
    UPDATE agent a SET connected = false
    FROM agent_seen s, web_clock c
    WHERE a.id = :agent AND s.agent_id = a.id AND a.connected AND c.seconds - s.seconds >= :gone_after
    RETURNING a.presence
""")


def say(session: Session, agent: Agent, presence: Presence, reason: str | None, now: datetime) -> Agent:
    """The agent is from now on `presence`.

    Open offers of one who is no longer available the router takes back, before it decides again: an inquiry is locked
    before its agent, never after.
    """
    locked = session.get_one(Agent, agent.id, with_for_update={"key_share": True}, populate_existing=True)
    changed = (locked.presence, locked.presence_reason) != (presence, reason)
    if presence == Presence.AVAILABLE and locked.presence != Presence.AVAILABLE:
        locked.idle_since, locked.misses, locked.rests_until = now, 0, None
    locked.presence, locked.presence_reason = presence, reason
    session.add(locked)
    if changed:
        session.add(
            PresenceChange(agent_id=agent.id, at=now, presence=presence, connected=locked.connected, reason=reason)
        )
    session.flush()
    wake_router_later(session)
    tell_agents_later(session, [agent.id])
    return locked


def beat(session: Session, agent_ids: Iterable[int], now: datetime, silence: float) -> None:
    """A web process lives and has heard of these agents just now; who has no sign-in any more is not there for that.

    `silence` is the number of seconds between beats beyond which no web process can have run.
    """
    agents = sorted(set(agent_ids))
    session.execute(TICK, {"now": now, "silence": silence})
    if not agents:
        return
    session.execute(SEEN, {"agents": agents})
    away = session.execute(AWAY, {"agents": agents}).scalars().all()
    if not away:
        return
    for row in session.execute(BACK, {"agents": list(away), "now": now, "idle_since": idle_since(now)}).all():
        session.add(PresenceChange(agent_id=row.id, at=now, presence=row.presence, connected=True, reason=None))
        if row.presence == Presence.AVAILABLE:
            wake_router_later(session)
        tell_agents_later(session, [row.id])


def silent_for(session: Session, gone_after: float) -> list[int]:
    """Agents not heard of for `gone_after` seconds of the web clock who count as there."""
    return list(session.execute(SILENT_FOR, {"gone_after": gone_after}).scalars())


def is_gone(session: Session, agent_id: int, now: datetime, gone_after: float) -> None:
    """This agent is gone unless heard of meanwhile: their offers are taken back, what they accepted is flagged."""
    for said in session.execute(GONE, {"agent": agent_id, "gone_after": gone_after}).scalars().all():
        session.add(PresenceChange(agent_id=agent_id, at=now, presence=said, connected=False, reason=ABSENT))
    session.flush()


def flag_what_they_hold(session: Session, agent_id: int, now: datetime) -> None:
    """Mark the inquiries in this agent's hands as left by an agent who is gone."""
    held = select(Inquiry).where(
        col(Inquiry.agent_id) == agent_id, col(Inquiry.state).in_(HELD), col(Inquiry.flag).is_(None)
    )
    for inquiry in session.exec(held.order_by(col(Inquiry.id)).with_for_update()).all():
        inquiry.flag = "agent_gone"
        session.add(inquiry)
        record(session, inquiry, Flagged(ABSENT), now, by=session.get_one(Agent, agent_id))
