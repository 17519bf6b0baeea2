"""The pass of the router: what it looks at, and what it leaves alone."""

from contextlib import contextmanager

import sqlalchemy as sa

from hotline.db import engine
from hotline.queue.run import route
from tests.builders import a_ready_agent
from tests.offers.desk import a_journalled_inquiry


def test_with_nothing_waiting_no_agent_is_looked_at(desk):
    a_ready_agent()
    with listening() as said:
        assert route() == 0
    assert not [statement for statement in said if "FROM agent_work" in statement]
    a_journalled_inquiry()
    with listening() as said:
        assert route() == 1
    assert [statement for statement in said if "FROM agent_work" in statement]


@contextmanager
def listening():
    """What is said to PostgreSQL for the length of the block."""
    said = []

    def hear(*call):
        said.append(call[2])

    sa.event.listen(engine(), "before_cursor_execute", hear)
    yield said
    sa.event.remove(engine(), "before_cursor_execute", hear)
