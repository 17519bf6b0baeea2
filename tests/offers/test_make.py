"""A match becomes an offer only where it still holds."""

import pytest
from sqlmodel import select

from hotline.agents.models import AgentWork, Presence
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer
from hotline.inquiries.states import State
from hotline.integrations.ari.models import AriCall
from hotline.offers.make import make
from hotline.policies import current_policy
from hotline.routing.model import Match
from hotline.routing.why import Why
from tests.builders import a_ready_agent
from tests.building import transaction
from tests.offers.doing import a_journalled_inquiry, in_, look_at, sound


def making(*matches):
    with transaction() as session:
        return make(session, matches, in_(), current_policy())


def a_match(inquiry_id, agent_id, units=1, is_call=False):
    return Match(str(inquiry_id), agent_id, units, is_call, Why(able=2, not_able={"language": 1}))


def changed(table, key, **facts):
    with transaction() as session:
        row = session.get_one(table, key)
        for name, value in facts.items():
            setattr(row, name, value)


def test_an_offer_holds_its_agents_room_until_it_lapses(with_facts):
    agent, inquiry = a_ready_agent(capacity=2), a_journalled_inquiry()
    assert making(a_match(inquiry, agent)) == 1
    with transaction() as session:
        [offer] = session.exec(select(Offer)).all()
    assert (offer.state, offer.units, offer.reason) == ("open", 1, None)
    assert (offer.why["able"], offer.why["not_able"]) == (2, {"language": 1})
    assert (offer.lapses_at - offer.made_at).total_seconds() == current_policy().offer_seconds
    assert look_at(AgentWork, agent).load == 1 and look_at(Inquiry, inquiry).state == State.OFFERED
    sound()


@pytest.mark.parametrize(
    "gone", [{"presence": Presence.BREAK}, {"presence": Presence.OFFLINE}, {"connected": False}, {"capacity": 1}]
)
def test_nothing_is_offered_to_an_agent_who_has_left_or_has_no_room_for_all_of_it(with_facts, gone):
    agent = a_ready_agent(capacity=2)
    matches = [a_match(a_journalled_inquiry(), agent) for _ in range(2)]
    changed(AgentWork, agent, **gone)
    other = a_ready_agent()
    ours = a_journalled_inquiry()
    assert making(*matches, a_match(ours, other)) == 1
    assert look_at(AgentWork, agent).load == 0 and look_at(Inquiry, ours).state == State.OFFERED
    sound()


def test_an_inquiry_that_no_longer_waits_costs_its_agent_nothing(with_facts):
    agent = a_ready_agent()
    first, second = a_journalled_inquiry(), a_journalled_inquiry()
    assert making(a_match(first, agent)) == 1
    assert making(a_match(first, agent), a_match(second, agent)) == 1
    assert look_at(AgentWork, agent).load == 2
    sound()


def test_what_somebody_else_holds_just_now_is_left_for_the_next_run(with_facts):
    agent, inquiry = a_ready_agent(), a_journalled_inquiry()
    with transaction() as session:
        session.get_one(Inquiry, inquiry, with_for_update=True)
        assert making(a_match(inquiry, agent)) == 0
    assert making(a_match(inquiry, agent)) == 1
    sound()


def test_nothing_to_offer_is_nothing_done(with_facts):
    assert making() == 0


def test_what_somebody_is_just_writing_a_line_about_is_offered_all_the_same(with_facts):
    agent, inquiry = a_ready_agent(), a_journalled_inquiry()
    with transaction() as session:
        session.add(AriCall(app="hotline", channel="1", came_at=in_(), inquiry_id=inquiry))
        session.flush()
        assert making(a_match(inquiry, agent)) == 1
