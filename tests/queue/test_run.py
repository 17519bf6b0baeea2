"""The pass of the router: what it looks at, and what it leaves alone."""

from hotline.queue.run import route
from tests.builders import a_ready_agent
from tests.building import heard
from tests.offers.doing import a_journalled_inquiry


def test_with_nothing_waiting_no_agent_is_looked_at(with_facts):
    a_ready_agent()
    with heard() as said:
        assert route() == 0
    assert not [statement for statement, _ in said if "FROM agent_work" in statement]
    a_journalled_inquiry()
    with heard() as said:
        assert route() == 1
    assert [statement for statement, _ in said if "FROM agent_work" in statement]
