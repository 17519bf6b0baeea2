"""What an agent says of themselves, and whether they are still there."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.agents.models import AgentWork, Presence, PresenceChange
from hotline.duties import NOT_ASIDE
from hotline.live import tell_agents_later, wake_router_later

ABSENT = "agent not heard of"
# Since when an agent has been so, without a break; empty where that is not known. What they are is said of the columns
# of presence_change: of two changes at one moment the later counts.
SINCE = """(
    SELECT min(c.at) FROM presence_change c WHERE c.agent_id = {agent} AND c.id > coalesce(
        (SELECT max(b.id) FROM presence_change b WHERE b.agent_id = {agent} AND NOT ({are})), 0)
)"""
GONE, OFF_DUTY = "NOT connected", "presence = 'offline'"

StillIn = Callable[[Session, Sequence[int], datetime], list[int]]

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
    SELECT w.agent_id, (SELECT seconds FROM web_clock) FROM agent_work w WHERE w.agent_id = ANY(:agents) ORDER BY 1
    ON CONFLICT (agent_id) DO UPDATE SET seconds = greatest(agent_seen.seconds, excluded.seconds)
""")

# Held first, so that whoever signs out meanwhile is seen to have done so: a console may be heard of a moment longer.
AWAY = text("SELECT agent_id FROM agent_work WHERE agent_id = ANY(:agents) AND NOT connected ORDER BY 1 FOR UPDATE")

BACK = text("""
    UPDATE agent_work SET connected = true WHERE agent_id = ANY(:agents) AND NOT connected RETURNING agent_id, presence
""")

SILENT_FOR = text(f"""
    SELECT w.agent_id FROM agent_work w JOIN agent_seen s USING (agent_id) CROSS JOIN web_clock c
    WHERE w.connected AND c.seconds - s.seconds >= :gone_after
      AND {NOT_ASIDE.format(duty="absence", item="w.agent_id::text")}
    ORDER BY 1
""")

LOSE = text("""
    UPDATE agent_work w SET connected = false
    FROM agent_seen s, web_clock c
    WHERE w.agent_id = :agent AND s.agent_id = w.agent_id AND w.connected AND c.seconds - s.seconds >= :gone_after
    RETURNING w.presence
""")


def say(session: Session, agent_id: int, presence: Presence, reason: str | None, now: datetime) -> AgentWork:
    """The agent is from now on `presence`, and has seen what they missed; who says that they are there missed nothing.

    Open offers of one who is no longer available the router takes back, before it decides again: an inquiry is locked
    before its agent, never after.
    """
    locked = session.get_one(AgentWork, agent_id, with_for_update=True, populate_existing=True)
    changed = (locked.presence, locked.presence_reason) != (presence, reason)
    if presence == Presence.AVAILABLE:
        locked.idle_since = now if locked.presence != presence else locked.idle_since
        locked.misses, locked.rests_until = 0, None
    locked.presence, locked.presence_reason, locked.missed = presence, reason, None
    session.add(locked)
    if changed:
        session.add(PresenceChange.to(locked, now, reason))
    session.flush()
    wake_router_later(session)
    tell_agents_later(session, [agent_id])
    return locked


def beat(session: Session, agent_ids: Iterable[int], now: datetime, silence: float, still_in: StillIn) -> None:
    """A web process lives and has heard of these agents just now; who has no sign-in any more is not there for that.

    `silence` is the number of seconds between beats beyond which no web process can have run.
    `still_in` says which of some people have a sign-in (access/sessions.py).
    """
    agents = sorted(set(agent_ids))
    session.execute(TICK, {"now": now, "silence": silence})
    if not agents:
        return
    session.execute(SEEN, {"agents": agents})
    away = session.execute(AWAY, {"agents": agents}).scalars().all()
    if not away:
        return
    for row in session.execute(BACK, {"agents": still_in(session, away, now)}).all():
        session.add(PresenceChange(agent_id=row.agent_id, at=now, presence=row.presence, connected=True, reason=None))
        if row.presence == Presence.AVAILABLE:
            wake_router_later(session)
        tell_agents_later(session, [row.agent_id])


def silent_for(session: Session, gone_after: float) -> list[int]:
    """Agents not heard of for `gone_after` seconds of the web clock who count as there."""
    return list(session.execute(SILENT_FOR, {"gone_after": gone_after}).scalars())


def is_gone(session: Session, agent_id: int, now: datetime, gone_after: float) -> None:
    """This agent is gone unless heard of meanwhile; the sweep sees to what they are offered and have in hand."""
    for said in session.execute(LOSE, {"agent": agent_id, "gone_after": gone_after}).scalars().all():
        session.add(PresenceChange(agent_id=agent_id, at=now, presence=said, connected=False, reason=ABSENT))
    session.flush()


def stop(session: Session, agent_id: int, now: datetime) -> None:
    """Whoever leaves is offered nothing more."""
    work = session.get(AgentWork, agent_id, with_for_update=True, populate_existing=True)
    if work is not None and work.presence != Presence.OFFLINE:
        work.presence = Presence.OFFLINE
        session.add_all([work, PresenceChange.to(work, now, "leaving")])
    session.flush()
