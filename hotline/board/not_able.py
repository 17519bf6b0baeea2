"""not_able(): why an inquiry waits: of those with its topic, how many cannot take it now for which reason."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Row, text
from sqlmodel import Session

from hotline.agents.models import Presence
from hotline.clock import seconds
from hotline.directory.together import together
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import OfferState
from hotline.routing import model
from hotline.routing.eligibility import why_not
from hotline.routing.policy import Policy

ABLE = "able"  # is asked in a moment, or kept for something that presses more

WITH_TOPIC = text("""
    SELECT a.id, a.municipality, a.languages, s.level, w.capacity, w.load, w.connected, w.presence,
           coalesce(w.rests_until > :now, false) AS rests
    FROM agent_skill s JOIN agent a ON a.id = s.agent_id JOIN agent_work w ON w.agent_id = a.id
    JOIN person p ON p.id = a.id
    WHERE s.topic = :topic AND p.active AND p.role = 'agent' AND a.municipality = ANY(:answered_by)
""")
SAID_NO = text(f"""
    SELECT agent_id, extract(epoch FROM CASE state WHEN '{OfferState.ACCEPTED}' THEN released_at
                                        ELSE answered_at END)::float8 AS at
    FROM offer WHERE inquiry_id = :inquiry
      AND state IN ('{OfferState.REFUSED}', '{OfferState.LAPSED}', '{OfferState.ACCEPTED}')
""")


def not_able(session: Session, inquiry: Inquiry, now: datetime, policy: Policy) -> Counter[str]:
    """Counted at `now` (aware) over the agents of all municipalities that may ever answer; ABLE are those who can.

    The inquiry must wait. It takes as long as many agents have the topic, and so is asked for one inquiry at a time.
    """
    who = together(session, now)
    answered_by = who.answered_by(inquiry.municipality, inquiry.topic)
    said_no = session.execute(SAID_NO, {"inquiry": inquiry.id})
    assert inquiry.topic is not None and inquiry.speaks is not None and inquiry.deadline is not None  # it waits
    asked = model.Inquiry(
        id=str(inquiry.id),
        municipality=inquiry.municipality,
        topic=inquiry.topic,
        language=inquiry.speaks,
        channel=inquiry.channel,
        queued_at=seconds(inquiry.queued_at),
        deadline=seconds(inquiry.deadline),
        answered_by=answered_by,
        open_to=who.open_to(inquiry.circle) or answered_by,  # a word that holds no longer is brought up to date soon
        said_no=frozenset((row.agent_id, row.at) for row in said_no),
        only_agent=inquiry.only_agent,
    )
    rows = session.execute(WITH_TOPIC, {"now": now, "topic": inquiry.topic, "answered_by": sorted(answered_by)})
    return Counter(
        _absent(row) or why_not(_agent(row, asked.topic), asked, seconds(now), policy) or ABLE for row in rows
    )


def _absent(row: Row[tuple[object, ...]]) -> str | None:
    if not row.connected or row.presence == Presence.OFFLINE:
        return "not_there"
    if row.presence == Presence.BREAK:
        return "on_break"
    return "rests" if row.rests else None


def _agent(row: Row[tuple[object, ...]], topic: str) -> model.Agent:
    return model.Agent(
        id=row.id,
        municipality=row.municipality,
        topics={topic: row.level},
        languages=frozenset(row.languages),
        capacity=row.capacity,
        load=row.load,
        idle_since=0.0,
    )
