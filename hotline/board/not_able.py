"""Who cannot take an inquiry now for which reason, of those with its topic, and to whom it could be assigned."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Result, Row, text
from sqlmodel import Session

from hotline.agents.models import Presence
from hotline.clock import seconds
from hotline.directory.together import together
from hotline.handling.assignment import as_the_core_sees
from hotline.inquiries.models import Inquiry
from hotline.queue.ready import NOT_AGAIN
from hotline.routing import model, timing
from hotline.routing.eligibility import why_not
from hotline.routing.policy import Policy

RESTS = "rests"
ABLE = "able"  # is asked in a moment, or kept for something that presses more

WITH_TOPIC = text("""
    SELECT a.id, p.username, p.name, a.municipality, a.languages, s.level, w.capacity, w.load, w.connected, w.presence,
           coalesce(w.rests_until > :now, false) AS rests,
           (SELECT o.agent_id FROM offer o WHERE o.inquiry_id = :inquiry AND o.state = 'open') AS asked
    FROM agent_skill s JOIN agent a ON a.id = s.agent_id JOIN agent_work w ON w.agent_id = a.id
    JOIN person p ON p.id = a.id
    WHERE s.topic = :topic AND p.active AND p.role = 'agent'
      AND (CAST(:answered_by AS text[]) IS NULL OR a.municipality = ANY(:answered_by))
""")
SAID_NO = text(f"""
    SELECT agent_id FROM (
        SELECT agent_id, state, CASE state WHEN 'accepted' THEN released_at ELSE answered_at END AS at
        FROM offer WHERE inquiry_id = :inquiry AND state IN ('refused', 'lapsed', 'accepted')) o
    WHERE {NOT_AGAIN.format(at="o.at", state="o.state")}
""")


def not_able(session: Session, inquiry: Inquiry, now: datetime, policy: Policy) -> Counter[str]:
    """Counted at `now` (aware) over the agents of all municipalities that may ever answer; ABLE are those who can.

    The inquiry must wait. It takes as long as many agents have the topic, and so is asked for one inquiry at a time.
    """
    asked = _asked(session, inquiry, now, policy)
    rows = _with_topic(session, asked, now)
    return Counter(_absent(row) or why_not(_agent(row, asked.topic), asked) or ABLE for row in rows)


def by_hand(session: Session, inquiry: Inquiry, now: datetime, policy: Policy) -> list[tuple[str, str]]:
    """The user names and names of those whom it could be assigned to at `now` (aware), by name.

    The inquiry must have been read, and may be offered or in hand by now.
    """
    asked = _asked(session, inquiry, now, policy)
    found = [
        (row.username, row.name)
        for row in _with_topic(session, asked, now)
        if row.id not in (inquiry.agent_id, row.asked)
        and _absent(row) in (None, RESTS)
        and why_not(_agent(row, asked.topic), replace(asked, only_agent=row.id, open_to=None)) is None
    ]
    return sorted(found, key=lambda one: (one[1], one[0]))


def _asked(session: Session, inquiry: Inquiry, now: datetime, policy: Policy) -> model.Inquiry:
    who = together(session, now)
    asked = as_the_core_sees(inquiry, who, inquiry.only_agent)
    said_no = session.execute(SAID_NO, {"inquiry": inquiry.id} | timing.asked_again_before(seconds(now), policy))
    circle = who.open_to(inquiry.circle) or asked.answered_by  # a word of before is renewed soon
    return replace(asked, open_to=asked.answered_by and circle, said_no=frozenset(said_no.scalars()))


def _with_topic(session: Session, asked: model.Inquiry, now: datetime) -> Result[Any]:
    answered_by = None if asked.answered_by is None else sorted(asked.answered_by)
    values = {"now": now, "topic": asked.topic, "answered_by": answered_by, "inquiry": asked.id}
    return session.execute(WITH_TOPIC, values)


def _absent(row: Row[Any]) -> str | None:
    if not row.connected or row.presence == Presence.OFFLINE:
        return "not_there"
    if row.presence == Presence.BREAK:
        return "on_break"
    return RESTS if row.rests else None


def _agent(row: Row[Any], topic: str) -> model.Agent:
    return model.Agent(
        id=row.id,
        municipality=row.municipality,
        topics={topic: row.level},
        languages=frozenset(row.languages),
        capacity=row.capacity,
        load=row.load,
        idle_since=0.0,
    )
