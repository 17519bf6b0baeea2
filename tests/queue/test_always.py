"""Whatever citizens, agents and two routers do in any order, the live queue keeps what it promises."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from hotline.handling.actions import close
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Outcome
from hotline.offers.actions import accept
from hotline.queue.run import route
from tests.builders import a_ready_agent
from tests.offers.doing import a_journalled_inquiry, by, offer_of, sound
from tests.queue.any_order import AnyOrder


def test_in_any_order_nothing_is_lost_given_to_the_wrong_or_left_though_somebody_could_take_it(databases, with_facts):
    bounded = settings(max_examples=4, stateful_step_count=25)
    run_state_machine_as_test(lambda: AnyOrder(databases), settings=bounded)


def test_a_call_waits_no_longer_than_until_somebody_is_through_though_mails_keep_coming(with_facts):
    for _ in range(2):
        a_ready_agent(capacity=3)
    mails = [a_journalled_inquiry(channel="email", priority=3, age=60 - number, target=1800) for number in range(12)]
    assert route() == 6
    in_hand = [mail for mail in mails if offer_of(mail)]
    for mail in in_hand:
        by(offer_of(mail).agent_id, accept, offer_of(mail).id)
    call = a_journalled_inquiry(channel="phone", priority=1, target=20)
    for closed in in_hand:
        assert route() == 0
        by(offer_of(closed).agent_id, ends, closed)
        a_journalled_inquiry(channel="email", priority=3, target=1800)
        if route():
            break
    assert offer_of(call).agent_id == offer_of(closed).agent_id
    sound()


def ends(session, inquiry_id, agent, at):
    close(session, held_inquiry(session, agent.id, inquiry_id), agent, Outcome.RESOLVED, None, at)
