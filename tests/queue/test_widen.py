"""What waits in vain is opened to more agents: for a language that nobody speaks, after a while, or past one agent."""

from datetime import timedelta

import pytest

from hotline.agents.models import Presence
from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.policies import current_policy
from hotline.queue.widen import widen
from tests.builders import a_ready_agent, a_waiting_inquiry, an_agent
from tests.building import transaction

POLICY = current_policy.__wrapped__()
GRACE = POLICY.language_grace


def widened(at=None):
    with transaction() as session:
        return widen(session, at or now(), POLICY)


def facts(inquiry_id):
    with transaction() as session:
        inquiry = session.get_one(Inquiry, inquiry_id)
        return inquiry.speaks, inquiry.only_agent


def test_nothing_is_opened_where_nobody_waits(with_facts):
    assert widened() == 0


def test_a_language_that_somebody_with_the_topic_speaks_is_waited_for(with_facts):
    a_ready_agent(languages=("da", "ar"))
    inquiry = a_waiting_inquiry(speaks="ar", age=GRACE / 2)
    assert (widened(), facts(inquiry)) == (0, ("ar", None))


@pytest.mark.parametrize(
    ("facts_of_the_speaker", "opened"),
    [
        ({"presence": Presence.AVAILABLE, "connected": True}, False),
        ({"presence": Presence.BREAK, "connected": True}, False),
        ({"presence": Presence.OFFLINE, "connected": True}, True),
        ({"presence": Presence.AVAILABLE, "connected": False}, True),
        ({"presence": Presence.AVAILABLE, "connected": True, "topics": ("mitid",)}, True),
        ({"presence": Presence.AVAILABLE, "connected": True, "languages": ("da", "en")}, True),
    ],
    ids=["available", "on a break", "off duty", "gone", "without the topic", "without the language"],
)
def test_a_language_is_asked_for_only_while_somebody_signed_in_could_answer_in_it(
    with_facts, facts_of_the_speaker, opened
):
    an_agent(**({"languages": ("da", "ar")} | facts_of_the_speaker))
    inquiry = a_waiting_inquiry(speaks="ar")
    assert widened() == int(opened)
    assert facts(inquiry) == ("*" if opened else "ar", None)


def test_even_danish_is_no_longer_asked_for_where_nobody_with_the_topic_speaks_it(with_facts):
    a_ready_agent(languages=("en",))
    inquiry = a_waiting_inquiry(speaks="da")
    assert (widened(), facts(inquiry)[0]) == (1, "*")


@pytest.mark.parametrize(("speaks", "after", "opened"), [("ar", -1, 0), ("ar", 1, 1), ("da", 1, 0), ("da", 9000, 0)])
def test_the_grace_ends_for_every_language_but_danish(with_facts, moment, speaks, after, opened):
    a_ready_agent(languages=("da", "ar"))
    a_waiting_inquiry(speaks=speaks, queued_at=moment)
    assert widened(moment + timedelta(seconds=GRACE + after)) == opened


def test_what_is_open_to_all_stays_so_and_is_not_counted_again(with_facts, moment):
    a_waiting_inquiry(speaks="ar")
    assert widened() == 1
    assert widened(moment + timedelta(hours=1)) == 0


@pytest.mark.parametrize("state", [State.RECEIVED, State.OFFERED, State.CLOSED, State.ABANDONED])
def test_only_what_waits_is_opened(with_facts, moment, state):
    inquiry = a_waiting_inquiry(speaks="ar", state=state)
    assert (widened(moment + timedelta(hours=1)), facts(inquiry)[0]) == (0, "ar")


def test_each_class_is_looked_at_for_itself(with_facts):
    a_ready_agent(topics=("passport",), languages=("ar",))
    a_ready_agent(topics=("mitid",), languages=("en",))
    classes = [("passport", "ar"), ("passport", "en"), ("mitid", "ar"), ("mitid", "en"), ("doctor", "ar")]
    asked = {(topic, speaks): a_waiting_inquiry(topic=topic, speaks=speaks) for topic, speaks in classes}
    assert widened() == 3
    assert [pair for pair, inquiry in asked.items() if facts(inquiry)[0] != "*"] == [
        ("passport", "ar"),
        ("mitid", "en"),
    ]


@pytest.mark.parametrize(("seconds", "opened"), [(-1, 0), (0, 1), (60, 1)])
def test_what_is_meant_for_one_agent_goes_to_all_when_its_time_is_up(with_facts, moment, seconds, opened):
    agent = a_ready_agent()
    inquiry = a_waiting_inquiry(only_agent=agent, only_until=moment + timedelta(seconds=90))
    assert widened(moment + timedelta(seconds=90 + seconds)) == opened
    assert facts(inquiry) == ("da", None if opened else agent)
