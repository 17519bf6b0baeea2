"""What waits in vain: nobody who answers its municipality has the skill at all."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.directory.together import answers
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State

SHOWN = 200


def _nobody(of: str) -> str:
    """SQL: whether nobody can take what is of this municipality and topic, or from outside, on the Danish day `:day`.

    Whoever has the skill may sign in at any time; an agent who was deactivated or answers no longer may not. What came
    before its topic was closed is still served.
    """
    return f"""
        NOT EXISTS (
            SELECT FROM agent_skill s JOIN agent a ON a.id = s.agent_id JOIN person p ON p.id = a.id
            WHERE s.topic = {of}.topic AND p.active AND p.role = 'agent' AND {answers(of, "a.municipality", ":day")})
    """


# Asked once for each municipality and topic, however many inquiries wait.
IN_VAIN = f"""
    WITH class AS (
        SELECT DISTINCT municipality, topic, outside FROM inquiry WHERE state = 'waiting'
    ), hopeless AS (SELECT * FROM class WHERE {_nobody("class")})
    SELECT i.id, i.reference, i.topic, i.channel, i.municipality, m.name AS municipality_name,
           greatest(extract(epoch FROM :now - i.queued_at), 0)::float8 AS age_seconds, count(*) OVER () AS of_all
    FROM inquiry i JOIN hopeless h USING (municipality, topic, outside) JOIN municipality m ON m.code = i.municipality
    WHERE i.state = 'waiting' AND (CAST(:of AS text) IS NULL OR i.municipality = :of)
    ORDER BY i.queued_at, i.id LIMIT :most
"""
THIS = f"SELECT {_nobody('i')} FROM inquiry i WHERE i.id = :id"


@dataclass(frozen=True)
class InVain:
    """One inquiry that waits in vain; `of_all` is how many do."""

    id: uuid.UUID
    reference: str
    topic: str
    channel: str
    municipality: str
    municipality_name: str
    age_seconds: float
    of_all: int


def in_vain(session: Session, now: datetime, municipality: str | None, most: int = SHOWN) -> list[InVain]:
    """At `now` (aware): of one municipality's citizens, or of the whole pool, the oldest first."""
    asked = {"now": now, "day": danish(now).date(), "of": municipality, "most": most}
    return [InVain(**row._mapping) for row in session.execute(text(IN_VAIN), asked)]


def waits_in_vain(session: Session, inquiry: Inquiry, now: datetime) -> bool:
    """Whether nobody can take this inquiry (its row locked) at `now` (aware)."""
    asked = {"id": inquiry.id, "day": danish(now).date()}
    return inquiry.state == State.WAITING and bool(session.execute(text(THIS), asked).scalar_one())
