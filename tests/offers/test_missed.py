"""What an agent missed is told them until they have seen it."""

import pytest

from hotline.agents.models import AgentWork, Presence
from hotline.agents.presence import say
from hotline.console.state import changes, state_of
from hotline.offers.actions import lapse
from tests.building import transaction
from tests.offers.doing import an_offer, in_, look_at


@pytest.fixture
def missed(with_facts):
    """An agent whose only offer has lapsed; their id."""
    offer_id, agent_id, _ = an_offer()
    with transaction() as session:
        assert lapse(session, offer_id, in_(seconds=600))
    return agent_id


def state(agent_id):
    with transaction() as session:
        return state_of(session, agent_id)


def test_a_miss_says_what_it_was_about_until_the_agent_says_that_they_are_there(missed):
    told = state(missed)
    assert told["missed"]["municipality_name"] and told["missed"]["topic"] and told["missed"]["count"] == 1
    assert [name for name, _ in changes({**told, "missed": None}, told)] == ["presence"]  # every tab hears of it
    with transaction() as session:
        say(session, missed, Presence.AVAILABLE, None, in_(seconds=601))
    assert state(missed)["missed"] is None
    assert (look_at(AgentWork, missed).misses, look_at(AgentWork, missed).rests_until) == (0, None)


def test_a_break_of_ones_own_says_that_it_was_seen_and_forgives_nothing(missed):
    with transaction() as session:
        say(session, missed, Presence.BREAK, None, in_(seconds=601))
    assert state(missed)["missed"] is None
    assert look_at(AgentWork, missed).misses == 1
