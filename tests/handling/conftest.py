"""Who has an inquiry in hand, and who leads, for what is done in their name."""

import pytest

from hotline.offers.actions import accept
from tests.builders import HJORRING, SKANDERBORG, a_person, signed_in
from tests.offers.doing import an_offer, by


@pytest.fixture
def held(with_facts):
    """An inquiry in an agent's hands: inquiry, agent."""
    offer_id, agent_id, inquiry_id = an_offer()
    by(agent_id, accept, offer_id)
    return inquiry_id, agent_id


@pytest.fixture
def led(web):
    """Clients of those who lead: Hjørring's citizens, Skanderborg's agents, a third municipality, the pool."""
    return {
        "home": signed_in(web, a_person("team_lead", HJORRING)),
        "answering": signed_in(web, a_person("team_lead", SKANDERBORG)),
        "other": signed_in(web, a_person("team_lead", "0751")),
        "secretariat": signed_in(web, a_person("secretariat")),
    }
