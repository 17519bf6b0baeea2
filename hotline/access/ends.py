"""How sign-ins end, whatever ends them: with the last of an agent's, they are there no more."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, text
from sqlmodel import Session, col, delete, select

from hotline.access.models import SignInSession
from hotline.access.sessions import idle_since, lasts, token_hash
from hotline.agents.models import PresenceChange
from hotline.db import enter_accounts
from hotline.live import tell_agents_later, wake_router_later

# Of two sign-ins that end at once the second is to see that it is the last.
HOLD = text("SELECT FROM agent_work WHERE agent_id = ANY(:people) ORDER BY agent_id FOR UPDATE")

GONE = text("""
    UPDATE agent_work SET connected = false WHERE agent_id = ANY(:people) AND connected AND NOT EXISTS (
        SELECT FROM sign_in_session s
        WHERE s.person_id = agent_work.agent_id AND s.ends_at > :now AND s.seen_at > :idle_since)
    RETURNING agent_id, presence
""")


def end(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    """End the sign-ins that all of these conditions hold for; how many there were.

    Whose last one it was is gone at once: the router takes their open offers back before it decides again. What they
    said of themselves stays, and holds once they come in again. From here on the transaction is the accounts'.
    """
    enter_accounts(session)
    return _end(session, now, *which)


def end_of(session: Session, person_id: int | None, now: datetime, *, but: bytes = b"") -> int:
    """End every sign-in of this person, except that of the token with the hash `but`; how many there were."""
    return end(session, now, col(SignInSession.person_id) == person_id, col(SignInSession.token_hash) != but)


def end_this(session: Session, token: str | None, now: datetime) -> int:
    """End the sign-in of this token; there may be none any more."""
    return end(session, now, col(SignInSession.token_hash) == token_hash(token or ""))


def end_the_expired(session: Session, now: datetime) -> int:
    """End those that have lasted for their hours or were not used for too long; how many there were."""
    return _end(session, now, not_(and_(*lasts(now))))


def _end(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    people = sorted(set(session.exec(select(SignInSession.person_id).where(*which))))
    if not people:
        return 0
    session.execute(HOLD, {"people": people})
    ended = session.exec(delete(SignInSession).where(*which)).rowcount
    gone = session.execute(GONE, {"people": people, "now": now, "idle_since": idle_since(now)}).all()
    for row in gone:
        change = {"presence": row.presence, "connected": False, "reason": "signed out"}
        session.add(PresenceChange(agent_id=row.agent_id, at=now, **change))
    session.flush()
    if gone:
        wake_router_later(session)
    tell_agents_later(session, people)
    return ended
