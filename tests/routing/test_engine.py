"""The order in which citizens are served and the choice among agents, one rule a test."""

from dataclasses import replace

import pytest

from hotline.routing.cover import Cover
from hotline.routing.engine import decide
from hotline.routing.learned import Learned
from hotline.routing.model import Match, Wait
from hotline.routing.why import Beside, Why
from tests.routing.snapshots import DEFAULT, NOW, a_snapshot, an_agent, an_inquiry, given, not_able


def test_nothing_is_decided_where_nobody_waits():
    assert decide(a_snapshot(), DEFAULT) == []
    assert decide(a_snapshot(an_agent()), DEFAULT) == []


def test_an_inquiry_meets_the_agent_who_can_help():
    assert given(an_agent(1, ("mitid",)), an_agent(2, ("passport",)), an_inquiry("a")) == {"a": 2}


def test_of_the_same_target_who_has_waited_longest_is_served_first():
    queue = an_inquiry("a", due_in=60), an_inquiry("b", due_in=-5), an_inquiry("c", due_in=20)
    assert given(an_agent(capacity=1), *queue) == {"b": 1}
    assert [one.inquiry for one in decide(a_snapshot(*queue), DEFAULT)] == ["b", "c", "a"]


def many_passports() -> Learned:
    """A call about a passport each half minute, for an hour."""
    learned = Learned()
    for number in range(120):
        learned.came("passport", "da", NOW - 3600 + number * 30)
    return learned


def test_of_two_with_one_deadline_the_lower_id_is_served_first():
    assert given(an_agent(capacity=1), an_inquiry("b"), an_inquiry("a")) == {"a": 1}


def test_scarce_skills_are_kept_free():
    """The first agent alone knows MitID, so the passport goes to the second, however long the first has been idle."""
    rare, common = an_agent(1, ("passport", "mitid"), idle_for=900), an_agent(2, ("passport",))
    assert given(rare, common, an_inquiry("a")) == {"a": 2}
    assert given(rare, common, an_inquiry("a", due_in=1), an_inquiry("b", topic="mitid")) == {"a": 2, "b": 1}


def test_of_equals_the_higher_level_serves():
    assert given(an_agent(1, {"passport": 2}, idle_for=900), an_agent(2, {"passport": 3}), an_inquiry("a")) == {"a": 2}


def test_of_equals_the_longest_idle_serves():
    assert given(an_agent(1, idle_for=10), an_agent(2, idle_for=30), an_agent(3), an_inquiry("a")) == {"a": 2}


def test_of_twins_the_lower_id_serves():
    assert given(an_agent(3), an_agent(2), an_inquiry("a")) == {"a": 2}


def test_where_nobody_calls_an_idle_agent_goes_before_one_with_work_in_hand():
    idle, busy = an_agent(1), an_agent(2, load=1, idle_for=900)
    assert given(idle, busy, an_inquiry("a")) == {"a": 1}


def test_where_many_call_what_is_no_call_goes_to_who_has_most_in_hand():
    people = an_agent(1, idle_for=900), an_agent(2, load=1), an_agent(3, load=2)
    assert given(*people, an_inquiry("a"), learned=many_passports()) == {"a": 3}
    assert given(*people, an_inquiry("a", channel="chat"), learned=many_passports()) == {"a": 3}


def test_where_many_call_written_work_waits_for_a_share_of_its_target_before_it_takes_an_idle_agent():
    young, older = an_inquiry("a", due_in=3500, waited=100), an_inquiry("a", due_in=1800, waited=1800)
    assert given(an_agent(1), young, learned=many_passports()) == {}
    assert given(an_agent(1), young) == {"a": 1}
    assert given(an_agent(1), older, learned=many_passports()) == {"a": 1}


def test_work_is_spread_where_nobody_calls_before_anybody_gets_a_second_piece():
    queue = [an_inquiry(id, due_in=n) for n, id in enumerate("abcd")]
    assert sorted(given(an_agent(1), an_agent(2), an_agent(3), *queue[:3]).values()) == [1, 2, 3]
    assert sorted(given(an_agent(1), an_agent(2), an_agent(3), *queue).values()) == [1, 1, 2, 3]


def test_one_agent_gets_one_call_and_no_form_beside_it():
    queue = an_inquiry("a", due_in=1, channel="phone"), an_inquiry("b", due_in=2, channel="phone"), an_inquiry("c")
    [first, *rest] = decide(a_snapshot(an_agent(1), *queue), DEFAULT)
    assert (first.inquiry, first.agent, first.units, first.is_call) == ("a", 1, 3, True)
    assert all(isinstance(one, Wait) for one in rest)


def test_forms_fill_an_agent_to_the_last_unit_and_no_further():
    queue = [an_inquiry(id, due_in=n) for n, id in enumerate("abcd")]
    assert given(an_agent(1, load=1, capacity=3), *queue) == {"a": 1, "b": 1}


def test_who_could_take_a_waiting_call_once_idle_is_given_no_form_that_is_due_later():
    call, form = an_inquiry("a", due_in=1, channel="phone"), an_inquiry("b", due_in=9)
    assert given(an_agent(1, load=1), call, form) == {}
    assert given(an_agent(1, load=1), an_agent(2, ("passport", "mitid")), call, form) == {"a": 2, "b": 1}


def test_a_form_that_is_due_before_the_call_does_not_wait_behind_it():
    call, form = an_inquiry("a", due_in=9, channel="phone"), an_inquiry("b", due_in=1)
    assert given(an_agent(1, load=1), call, form) == {"b": 1}


def test_a_call_that_nobody_there_could_ever_take_holds_no_form_back():
    for call in (
        an_inquiry("a", due_in=1, channel="phone", topic="mitid"),
        an_inquiry("a", due_in=1, channel="phone", answered_by=frozenset({"0860"})),
    ):
        assert given(an_agent(1, load=1), call, an_inquiry("b", due_in=9)) == {"b": 1}


def test_a_call_still_asked_for_at_home_alone_holds_a_form_back_from_who_may_take_it_later():
    call = an_inquiry("a", due_in=1, channel="phone", open_to=frozenset({"0860"}))
    assert given(an_agent(1), call, an_inquiry("b", due_in=9)) == {}


def test_a_chat_is_not_held_back_by_a_call():
    call, chat = an_inquiry("a", due_in=1, channel="phone"), an_inquiry("b", due_in=9, channel="chat")
    assert given(an_agent(1, load=1), call, chat) == {"b": 1}


def test_of_two_the_same_but_for_their_topic_the_short_one_goes_first():
    learned = Learned()
    for _ in range(100):
        learned.was_handled("passport", True, 90)
        learned.was_handled("mitid", True, 600)
    long, short = an_inquiry("a", channel="phone", topic="mitid"), an_inquiry("b", channel="phone")
    assert given(an_agent(1, ("passport", "mitid")), long, short, learned=learned) == {"b": 1}


def test_of_two_the_same_but_for_their_topic_the_one_that_more_wait_behind_goes_first():
    agent = an_agent(1, ("passport", "mitid"))
    calls = an_inquiry("a", channel="phone"), an_inquiry("b", channel="phone", topic="mitid")
    assert given(agent, *calls) == {"a": 1}
    assert given(agent, *calls, calls_waiting={("mitid", "da"): 9}) == {"b": 1}


def test_an_old_call_of_a_long_topic_goes_before_a_short_one_unless_many_wait():
    learned = Learned()
    for _ in range(100):
        learned.was_handled("passport", True, 200)
        learned.was_handled("mitid", True, 400)
    calls = an_inquiry("a", channel="phone", topic="mitid", waited=3000), an_inquiry("b", channel="phone")
    for waiting, first in ((1, "a"), (20, "b")):
        facts = {
            "signed_in": Cover({("0746", ("passport", "da")): 20, ("0746", ("mitid", "da")): 20}),
            "calls_waiting": {("passport", "da"): waiting, ("mitid", "da"): waiting},
        }
        assert given(an_agent(1, ("passport", "mitid")), *calls, learned=learned, **facts) == {first: 1}


def test_of_two_the_same_but_for_their_topic_the_one_that_few_can_take_goes_first():
    rare, common = an_inquiry("b", channel="phone", topic="mitid"), an_inquiry("a", channel="phone")
    busy = {("0746", ("passport", "da")): 9, ("0746", ("mitid", "da")): 1}
    assert given(an_agent(1, ("passport", "mitid")), rare, common, signed_in=Cover(busy)) == {"b": 1}


def test_a_surge_of_one_topic_does_not_drown_the_others():
    fault, other = an_inquiry("a", channel="phone"), an_inquiry("b", channel="phone", topic="mitid")
    agent = an_agent(1, ("passport", "mitid"))
    assert given(agent, fault, other) == {"a": 1}
    learned = Learned()
    for number in range(2000):  # a day as usual, one each 20 seconds, then two calls of three about passports
        topic = "passport" if number % 2 or (number > 1500 and number % 3) else "mitid"
        learned.came(topic, "da", number * 20.0)
    assert given(agent, fault, other, learned=learned) == {"b": 1}


def test_citizens_from_outside_come_last_only_where_the_policy_says_so():
    outside, member = an_inquiry("a", due_in=1, is_outside=True), an_inquiry("b", due_in=9)
    assert given(an_agent(1, capacity=1), outside, member) == {"a": 1}
    last = replace(DEFAULT, outside="last")
    assert given(an_agent(1, capacity=1), outside, member, policy=last) == {"b": 1}
    assert given(an_agent(1, capacity=1), outside, policy=last) == {"a": 1}


def test_who_refused_it_does_not_get_it_again_but_the_next_one():
    assert given(an_agent(1, idle_for=99), an_agent(2), an_inquiry("a", said_no=frozenset({1}))) == {"a": 2}
    assert given(an_agent(1), an_inquiry("a", said_no=frozenset({1}))) == {}


def test_what_is_meant_for_one_waits_for_that_one():
    assert given(an_agent(1, idle_for=99), an_agent(2), an_inquiry("a", only_agent=2)) == {"a": 2}
    assert given(an_agent(1), an_inquiry("a", only_agent=2)) == {}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ((an_inquiry(),), {}),
        ((an_agent(1, ("mitid",)), an_inquiry()), {}),
        ((an_agent(1), an_agent(2), an_inquiry(language="ar")), {"language": 2}),
        (
            (an_agent(1, load=3), an_agent(2), an_inquiry(language="ar", said_no=frozenset({2}))),
            {"language": 2},
        ),
        (
            (an_agent(1, load=3), an_agent(2), an_inquiry(said_no=frozenset({2}))),
            {"capacity": 1, "said_no": 1},
        ),
        ((an_agent(1), an_inquiry(only_agent=9)), {"meant_for_another": 1}),
    ],
)
def test_what_waits_says_why(facts, why):
    assert not_able(*facts) == why


LONG_IDLE = an_agent(1, idle_for=600)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ((an_agent(1), an_inquiry()), Why(able=1, at_work=1, language="da")),
        ((an_agent(1, municipality="0860"), an_inquiry(only_agent=1)),
         Why(able=1, at_work=1, language="da", at_home=True, by_name=True)),
        ((LONG_IDLE, an_agent(2), an_inquiry(language="*")),
         Why(able=2, at_work=2, language="*", beside=(Beside(2, "more_missed", 1.05),))),
        ((an_agent(1), an_agent(2, ("passport", "mitid")), an_agent(3, languages=frozenset({"ar"})), an_inquiry()),
         Why(able=2, at_work=2, language="da", beside=(Beside(2, "more_missed", 1.6),), not_able={"language": 1})),
        ((an_agent(1), an_agent(2), an_inquiry(had_it=frozenset({1}))),
         Why(able=2, at_work=2, language="da", beside=(Beside(1, "had_it", 1.0),))),
        ((an_agent(1), an_agent(2), an_inquiry()),
         Why(able=2, at_work=2, language="da", beside=(Beside(2, "drawn", 1.0),))),
    ],
)  # fmt: skip
def test_what_is_offered_says_why_this_one_and_why_not_the_others(facts, why):
    [decision] = decide(a_snapshot(*facts), DEFAULT)
    assert isinstance(decision, Match) and decision.why == why


def test_of_many_beside_three_are_told_of():
    [decision] = decide(a_snapshot(*(an_agent(n) for n in range(1, 9)), an_inquiry()), DEFAULT)
    assert (decision.why.able, [one.agent for one in decision.why.beside]) == (8, [2, 3, 4])


def test_a_mail_goes_to_an_idle_agent_at_once_where_nobody_has_called_yet():
    many_topics = an_agent(topics=("passport", "mitid", "doctor"))
    mail = an_inquiry(channel="email", due_in=600, waited=0)
    assert given(many_topics, mail) == {"a": 1}
    assert given(many_topics, mail, learned=many_passports()) == {}


def test_what_was_due_before_its_age_began_is_weighed_as_well():
    late = (an_inquiry(f"{number}", channel="phone", due_in=-90, waited=30) for number in range(2))
    assert len(given(an_agent(1), an_agent(2), *late)) == 2
