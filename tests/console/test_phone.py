"""Where an agent is rung: what they may say, and that no two are rung at one telephone."""

import pytest

from hotline.agents.models import Presence
from tests.builders import an_agent, signed_in

KEPT = {
    "PJSIP/agent1": "PJSIP/agent1",
    " PJSIP/desk-7.north_2 ": "PJSIP/desk-7.north_2",
    "20 12 34 56": "+4520123456",
    "+46 8 123 456 78": "+46812345678",
    "": None,
    None: None,
}
REFUSED = {
    "PJSIP/trunk/sip:1@evil.example": "shape",
    "PJSIP/0900123456@trunk": "shape",
    "PJSIP/": "shape",
    "Local/900@inbound": "shape",
    "PJSIP/a&PJSIP/b": "shape",
    "agent1": "shape",
    "112": "emergency",
    "1813": "short",
    "90 12 34 56": "premium",
    "+88213300000": "premium",
    "+45 80 12 34 56": "service",
    "00000000": "withheld",
}


@pytest.fixture
def desks(web):
    """The clients of two agents at work."""
    return [
        signed_in(web, an_agent(connected=True, presence=Presence.AVAILABLE)[1]),
        signed_in(web, an_agent(connected=True, presence=Presence.AVAILABLE)[1]),
    ]


def rung_at(api):
    return api.get("/me").json()["phone"]


def test_an_agent_is_rung_where_they_say_and_one_telephone_is_one_agents(desks):
    mine, theirs = desks
    assert rung_at(mine) is None
    for said, kept in KEPT.items():
        answer = mine.put("/me/phone", json={"endpoint": said})
        assert (answer.status_code, answer.json()) == (200, {"endpoint": kept}), said
        assert rung_at(mine) == kept
    mine.put("/me/phone", json={"endpoint": "PJSIP/agent1"})
    wrong = {}
    for said, why in REFUSED.items():
        answer = mine.put("/me/phone", json={"endpoint": said})
        if (answer.status_code, answer.json().get("why")) != (422, why):
            wrong[said] = answer.text
    assert wrong == {}
    assert mine.put("/me/phone", json={}).status_code == 422
    assert rung_at(mine) == "PJSIP/agent1"
    taken = theirs.put("/me/phone", json={"endpoint": "PJSIP/agent1"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/phone-in-use")
    mine.put("/me/presence", json={"state": "offline"})
    assert theirs.put("/me/phone", json={"endpoint": "PJSIP/agent1"}).status_code == 200
    assert (rung_at(mine), rung_at(theirs)) == (None, "PJSIP/agent1")
