"""Who closed an inquiry has it in hand again on the same day, if they have room; the closure counts no more."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from hotline.agents.models import AgentWork
from hotline.handling import actions
from hotline.handling.errors import NoRoom
from hotline.handling.reopen import reopen
from hotline.inquiries.errors import WrongState
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry, Outcome
from hotline.statistics.counting import gain
from tests.building import transaction
from tests.offers.doing import doing, in_, look_at, sound


@pytest.fixture
def closed(held):
    """An inquiry that an agent has just closed: inquiry, agent."""
    doing(held, actions.close, Outcome.RESOLVED, "Har fået en tid")
    return held


def test_what_was_closed_by_mistake_is_in_its_wrap_up_again_and_counts_once(closed):
    load = look_at(AgentWork, closed[1]).load
    doing(closed, reopen)
    again = look_at(Inquiry, closed[0])
    assert (again.state, again.agent_id, again.ended_at, again.outcome) == ("wrapping", closed[1], None, None)
    assert look_at(AgentWork, closed[1]).load > load
    sound()
    doing(closed, actions.close, Outcome.REFERRED, None)
    sound()
    with transaction() as session:
        of_it = select(JournalLine).where(JournalLine.inquiry_id == closed[0]).order_by(col(JournalLine.id))
        gains = [gain(line) for line in session.exec(of_it).all()]
    for name, counted in (("closed", 1), ("resolved_first_contact", 0)):
        assert sum(one.counts.get(name, 0) for gained in gains for one in gained.increments) == counted
    assert sum(gained.exchanged.counts.get("inquiries", 0) for gained in gains if gained.exchanged) == 1


def test_nobody_reopens_what_is_open_or_was_closed_on_another_day_or_has_no_room_for(closed):
    with pytest.raises(WrongState):
        doing(closed, reopen, at=in_() + timedelta(days=1))
    with transaction() as session:
        work = session.get_one(AgentWork, closed[1])
        work.load = work.capacity
    with pytest.raises(NoRoom):
        doing(closed, reopen)
    with transaction() as session:
        session.get_one(AgentWork, closed[1]).load = 0
    doing(closed, reopen)
    with pytest.raises(WrongState):
        doing(closed, reopen)
