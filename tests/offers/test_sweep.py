"""What a lost wake-up or a vanished agent left behind is put right, once."""

from datetime import timedelta

from sqlmodel import select

from hotline.access.sessions import still_in
from hotline.agents import presence
from hotline.agents.models import AgentSeen, AgentWork, Presence, PresenceChange, WebClock
from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer
from hotline.offers.actions import accept
from hotline.offers.sweep import absences, lapses
from hotline.policies import current_policy
from tests.builders import a_ready_agent, a_sign_in
from tests.building import transaction
from tests.offers.doing import an_offer, by, in_, look_at, sound

SILENCE = 6.0


def sweeping(at):
    lapses(at)
    absences(at, current_policy())


def beats(agents, begin, seconds, every=3):
    """A web process that lives for so long and hears of these agents."""
    for second in range(0, seconds + 1, every):
        with transaction() as session:
            presence.beat(session, agents, begin + timedelta(seconds=second), SILENCE, still_in)


def test_every_offer_that_is_due_lapses_once(with_facts):
    offers = [an_offer(), an_offer()]
    late = in_(seconds=current_policy().offer_seconds + 1)
    sweeping(in_())
    assert {look_at(Offer, one[0]).state for one in offers} == {"open"}
    sweeping(late)
    sweeping(late)
    assert {look_at(Offer, one[0]).state for one in offers} == {"lapsed"}
    assert [look_at(AgentWork, one[1]).misses for one in offers] == [1, 1]
    sound()


def test_an_agent_is_gone_after_the_policys_seconds_of_the_web_clock_and_not_before(with_facts):
    offer_id, agent_id, inquiry_id = an_offer()
    begin = now()
    beats([agent_id], begin, 0)
    beats([], begin, int(current_policy().gone_after) - 3)
    sweeping(begin)
    assert look_at(AgentWork, agent_id).connected and look_at(Offer, offer_id).state == "open"
    beats([], begin + timedelta(seconds=current_policy().gone_after - 3), 6)
    sweeping(begin)
    assert not look_at(AgentWork, agent_id).connected
    assert (look_at(Offer, offer_id).state, look_at(Inquiry, inquiry_id).state) == ("withdrawn", "waiting")
    assert look_at(AgentWork, agent_id).presence == Presence.AVAILABLE  # what was last said holds again once back
    a_sign_in(agent_id)
    beats([agent_id], begin + timedelta(seconds=60), 0)
    assert look_at(AgentWork, agent_id).connected
    with transaction() as session:
        assert [change.connected for change in session.exec(select(PresenceChange)).all()] == [False, True]
    sound()


def test_time_in_which_no_web_process_ran_counts_against_nobody(with_facts):
    agent_id, begin = a_ready_agent(), now()
    beats([agent_id], begin, 9)
    before = look_at(WebClock, 1).seconds
    beats([], begin + timedelta(hours=2), 9)
    assert (before, look_at(WebClock, 1).seconds) == (9, 18)
    sweeping(begin + timedelta(hours=3))
    assert look_at(AgentWork, agent_id).connected and look_at(AgentSeen, agent_id).seconds == 9


def test_two_web_processes_do_not_make_the_clock_run_faster(with_facts):
    begin = now()
    for second in range(0, 13, 3):
        for late in (0, 1):
            with transaction() as session:
                presence.beat(session, [], begin + timedelta(seconds=second + late), SILENCE, still_in)
    assert look_at(WebClock, 1).seconds == 13


def test_what_a_gone_agent_has_in_hand_stays_theirs_and_is_flagged_once(with_facts):
    offer_id, agent_id, inquiry_id = an_offer()
    by(agent_id, accept, offer_id)
    with transaction() as session:
        session.get_one(AgentWork, agent_id).connected = False
    sweeping(now())
    sweeping(now())
    inquiry = look_at(Inquiry, inquiry_id)
    assert (inquiry.state, inquiry.agent_id, inquiry.flag) == ("handling", agent_id, "agent_gone")
    assert look_at(AgentWork, agent_id).load == 1
    sound()
