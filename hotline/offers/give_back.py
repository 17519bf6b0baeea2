"""give_back(): an inquiry leaves hands that will not end it, and waits again at its age."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.agents.models import AgentWork, Presence
from hotline.agents.presence import ABSENT, OFF_DUTY, SINCE
from hotline.db import on_behalf_of
from hotline.directory.models import Agent
from hotline.directory.together import together
from hotline.duties import NOT_ASIDE
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import Flagged, Released
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import HELD, sql
from hotline.inquiries.step import step
from hotline.offers.hands import let_go, spent
from hotline.queue.enter import enter
from hotline.routing.policy import Policy

GIVE_BACK = "give back"
LEFT, AWAY, OFF = "agent left", "agent stays away", "agent is off duty"

# Whether an agent has been off duty for `:away` seconds, though a console of theirs is open.
LONG_OFF_DUTY = (
    "{work}.presence = 'offline' AND "
    + SINCE.format(agent="{work}.agent_id", are=OFF_DUTY)
    + " <= CAST(:now AS timestamptz) - make_interval(secs => :away)"
)
# In the hands of somebody who may not come in any more or answers no longer, who is away by the clock of the web
# processes, or who went off duty and left it. A call stays where it is: who speaks on a telephone needs no console.
STRAYS = text(f"""
    SELECT i.id, CASE WHEN NOT p.active OR p.role <> 'agent' THEN '{LEFT}' WHEN NOT w.connected THEN '{AWAY}'
                      ELSE '{OFF}' END AS reason
    FROM inquiry i JOIN agent a ON a.id = i.agent_id JOIN person p ON p.id = a.id
    JOIN agent_work w ON w.agent_id = a.id LEFT JOIN agent_seen s ON s.agent_id = a.id LEFT JOIN web_clock c ON true
    WHERE i.state IN {sql(HELD)} AND i.channel <> 'phone' AND (CAST(:id AS uuid) IS NULL OR i.id = :id)
      AND (NOT p.active OR p.role <> 'agent'
           OR (NOT w.connected AND coalesce(c.seconds, 0) - coalesce(s.seconds, 0) >= :away)
           OR ({LONG_OFF_DUTY.format(work="w")}))
      AND {NOT_ASIDE.format(duty=GIVE_BACK, item="i.id::text")}
    ORDER BY i.id LIMIT 200
""")


def give_back(session: Session, inquiry: Inquiry, now: datetime, reason: str | None = None) -> None:
    """Let it wait again; the journal says on whose behalf, and for which `reason` of ours.

    Its row must be locked. Raises WrongState where it is in nobody's hands (any more).
    """
    if inquiry.state not in HELD or inquiry.agent_id is None:
        raise WrongState(f"it is {inquiry.state} and in nobody's hands", state=inquiry.state)
    agent = session.get_one(Agent, inquiry.agent_id)
    released = Released(on_behalf_of(session), reason, **spent(session, inquiry, agent, now))
    inquiry.flag = None
    let_go(session, inquiry, agent, now)
    enter(session, inquiry, released, now, together(session, now), by=agent)


def strays(session: Session, now: datetime, policy: Policy) -> list[UUID]:
    """What is held by agents who left, stay away or are off duty, and may go to somebody else."""
    asked = {"id": None, "now": now, "away": policy.gives_back_after}
    return [row.id for row in session.execute(STRAYS, asked)]


def give_back_stray(session: Session, inquiry_id: UUID, now: datetime, policy: Policy) -> bool:
    """Give it back; false where its agent ended it or came back meanwhile."""
    locked = select(Inquiry).where(col(Inquiry.id) == inquiry_id).with_for_update()
    inquiry = session.exec(locked).one()
    asked = {"id": inquiry_id, "now": now, "away": policy.gives_back_after}
    stray = session.execute(STRAYS, asked).first()
    if stray is None:
        return False
    give_back(session, inquiry, now, stray.reason)
    return True


def flag_what_they_hold(session: Session, agent_id: int, now: datetime) -> None:
    """Mark the inquiries in this agent's hands as left by an agent who is gone, or off duty."""
    work = session.get_one(AgentWork, agent_id, populate_existing=True)
    reason = OFF if work.connected and work.presence == Presence.OFFLINE else ABSENT
    held = select(Inquiry).where(
        col(Inquiry.agent_id) == agent_id, col(Inquiry.state).in_(HELD), col(Inquiry.flag).is_(None)
    )
    for inquiry in session.exec(held.order_by(col(Inquiry.id)).with_for_update()).all():
        inquiry.flag = "agent_gone"
        step(session, inquiry, Flagged(reason), now, by=session.get_one(Agent, agent_id))
