"""A citizen, a phone system and agents who ring: what the journeys and the races of call-backs do, step by step."""

import uuid
from datetime import timedelta

from sqlalchemy import text

from hotline.agents.models import AgentWork, Presence
from hotline.callbacks.due import call_backs
from hotline.classification.waiting import UNREAD, classify_waiting
from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.queue.run import route
from tests.builders import HJORRING
from tests.building import transaction
from tests.offers.doing import look_at, offer_of

NUMBER = "+4520123456"


class Nothing:
    """Reads nothing from any text."""

    def read(self, texts):
        return [UNREAD for _ in texts]


def a_call(api, number=NUMBER, classified=True, **more):
    """A call about a passport that was handed in; its id."""
    citizen = {"name": "Karla Opdigtet", "phone": number}
    body = {"channel": "phone", "municipality": HJORRING, "topic": "passport", "language": "da", "citizen": citizen}
    answer = api.post("/inquiries", json=body | more)
    assert answer.status_code == 201, answer.text
    if classified:
        classify_waiting(Nothing())
    return answer.json()["id"]


def asked(api, inquiry_id, number=NUMBER, **more):
    """Ask for a call-back; the answer, which is one."""
    answer = api.post(f"/inquiries/{inquiry_id}/callback", json={"phone": number} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def row(inquiry_id):
    return look_at(Inquiry, uuid.UUID(str(inquiry_id)))


def make_due():
    """As if the time had come for what is parked; then the router looks after it, and what is unread is read."""
    with transaction() as session:
        session.execute(text("UPDATE inquiry SET call_from = now() WHERE state = 'callback'"))
    call_backs(now())
    classify_waiting(Nothing())


def taken(agent, agent_id, inquiry_id):
    """Have the agent of this client take it."""
    with transaction() as session:
        work = session.get_one(AgentWork, agent_id)
        work.presence, work.connected, work.rests_until = Presence.AVAILABLE, True, None
        session.execute(
            text(
                "UPDATE offer SET answered_at = answered_at - interval '1 hour', "
                "released_at = released_at - interval '1 hour' WHERE released_at IS NOT NULL"
            )
        )
    route()
    offer = offer_of(inquiry_id)
    assert offer.agent_id == agent_id and offer.state == "open"
    answer = agent.post(f"/offers/{offer.id}/acceptance")
    assert answer.status_code == 200, answer.text
    return offer


def closed(agent, inquiry_id, outcome):
    """Have the agent close it; the state after that."""
    answer = agent.post(f"/inquiries/{inquiry_id}/closure", json={"outcome": outcome})
    assert answer.status_code == 200, answer.text
    return answer.json()["state"]


def ago(**time):
    return (now() - timedelta(**time)).isoformat()
