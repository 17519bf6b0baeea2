"""colleagues(): who is at work and could be given the inquiry in hand; why the others are not there is their affair."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import seconds
from hotline.directory.models import Agent
from hotline.directory.together import together
from hotline.inquiries.guards import must_hold
from hotline.inquiries.models import Channel, Inquiry

MOST = 50
THERE = text("""
    SELECT p.username, p.name, a.municipality, m.name AS municipality_name,
           CASE WHEN :is_call THEN w.load = 0 ELSE w.load < w.capacity END AS free
    FROM agent_skill s JOIN agent a ON a.id = s.agent_id JOIN agent_work w ON w.agent_id = a.id
    JOIN person p ON p.id = a.id JOIN municipality m ON m.code = a.municipality
    WHERE s.topic = :topic AND p.active AND w.connected AND w.presence = 'available' AND a.id <> :agent
      AND a.municipality = ANY(:open_to)
    ORDER BY free DESC, a.municipality <> :home, p.name, p.id LIMIT :most
""")


EXAMPLE: dict[str, Any] = {
    "username": "agent.0860",
    "name": "Agent in Hjørring",
    "municipality": "0860",
    "municipality_name": "Hjørring",
    "free": True,
}


class Colleague(BaseModel):
    """Somebody who is at work and has the topic; `free` says whether they have room for it now."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    username: str
    name: str
    municipality: str
    municipality_name: str
    free: bool


def colleagues(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> list[Colleague]:
    """Those who could be given it at `now` (aware): the free ones first, of the citizen's municipality before others.

    Raises WrongState where it is not in hand.
    """
    must_hold(inquiry, agent)
    assert inquiry.topic is not None  # it was in the queue
    facts = inquiry.municipality, inquiry.topic, seconds(inquiry.queued_at), inquiry.opened, seconds(now)
    reach = together(session, now).reach(*facts, is_outside=inquiry.outside)
    asked = {
        "topic": inquiry.topic,
        "agent": agent.id,
        "home": inquiry.municipality,
        "is_call": inquiry.channel == Channel.PHONE,
        "open_to": sorted(reach.open_to),
        "most": MOST,
    }
    return [Colleague(**row) for row in session.execute(THERE, asked).mappings()]
