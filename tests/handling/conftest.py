"""Who leads, for what is done in their name."""

import pytest

from tests.builders import HJORRING, SKANDERBORG, a_person, signed_in


@pytest.fixture
def led(web):
    """Clients of those who lead: Hjørring's citizens, Skanderborg's agents, a third municipality, the pool."""
    return {
        "home": signed_in(web, a_person("team_lead", HJORRING)),
        "answering": signed_in(web, a_person("team_lead", SKANDERBORG)),
        "other": signed_in(web, a_person("team_lead", "0751")),
        "secretariat": signed_in(web, a_person("secretariat")),
    }
