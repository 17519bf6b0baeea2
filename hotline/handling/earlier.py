"""earlier(): what the citizen in hand asked before, as far as the agent may see that; each look is written down."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from hotline.access.guards import tenant_of
from hotline.db import being
from hotline.directory.models import Agent, Person
from hotline.ids import read_reference
from hotline.inquiries.guards import must_hold
from hotline.inquiries.models import Citizen, Inquiry
from hotline.inquiries.states import State, sql
from hotline.privacy import subjects
from hotline.privacy.lookups import looked
from hotline.privacy.models import Look
from hotline.privacy.vault import search_hash

MOST = 20
# Whose of them this agent may see says row security.
OF_CITIZEN = """
    i.id IN (SELECT inquiry_id FROM citizen WHERE phone_hash = :phone
             UNION SELECT inquiry_id FROM citizen WHERE email_hash = :email
             UNION SELECT inquiry_id FROM citizen WHERE cpr_hash = :cpr)
"""
# There is no index of references, but of what ended in an agent's hands.
OF_REFERENCE = (
    f"i.agent_id = :agent AND i.state IN {sql((State.CLOSED, State.HANDED_OVER))} AND i.reference = :reference"
)
FOUND = """
    SELECT i.id, i.reference, i.received_at, i.ended_at, i.channel, i.topic, i.municipality,
           m.name AS municipality_name, i.state, i.outcome, i.text,
           coalesce((SELECT jsonb_agg(jsonb_build_object('at', n.at, 'text', n.text) ORDER BY n.id)
                     FROM note n WHERE n.inquiry_id = i.id), '[]') AS notes
    FROM inquiry i JOIN municipality m ON m.code = i.municipality
    WHERE i.id <> :inquiry AND {condition} ORDER BY i.received_at DESC LIMIT {most}
"""
BY_REFERENCE = text(FOUND.format(condition=OF_REFERENCE, most=MOST))
BY_CITIZEN = text(FOUND.format(condition=OF_CITIZEN, most=MOST))


def earlier(session: Session, inquiry: Inquiry, agent: Agent, said: str) -> list[dict[str, Any]]:
    """The latest inquiries of the citizen who is `said`: by phone number or reference, of nothing who asks here.

    Those alone that were in the agent's own hands, with their notes; the last first. Raises WrongState where the
    inquiry is not in hand.
    """
    must_hold(inquiry, agent)
    asked, subject = _asked(session, inquiry, said)
    if not asked:
        return []
    found = BY_REFERENCE if "reference" in asked else BY_CITIZEN
    person = session.get_one(Person, agent.id)
    with being(session, lambda _: tenant_of(person)):
        rows = session.execute(found, {"agent": agent.id, "inquiry": inquiry.id} | asked).mappings().all()
    looked(session, Look.SEARCHED, None, *(row["id"] for row in rows), subject=subject)
    return [dict(row) for row in rows]


def _asked(session: Session, inquiry: Inquiry, said: str) -> tuple[dict[str, Any], bytes | None]:
    """What is searched for, nothing where that is nobody, and the keyed hash that is written down."""
    if said and (reference := read_reference(said)):
        return {"reference": reference}, search_hash(reference, "reference")
    if said:
        number = subjects.phone(said)
        known = search_hash(number, "phone") if number else None
        return ({"phone": known, "email": None, "cpr": None}, known) if known else ({}, None)
    citizen = session.get(Citizen, inquiry.id)
    if citizen is None:
        return {}, None
    hashes = {"phone": citizen.phone_hash, "email": citizen.email_hash, "cpr": citizen.cpr_hash}
    subject = next(filter(None, hashes.values()), None)
    return (hashes, subject) if subject else ({}, None)
