"""The order in which citizens are served and the choice among agents, one rule a test."""

import pytest

from hotline.routing.engine import decide, worth_elsewhere
from hotline.routing.model import Match, Wait
from tests.routing.desk import DEFAULT, NOW, a_desk, an_agent, an_inquiry, given, reason


def test_nothing_is_decided_at_an_empty_desk():
    assert decide(a_desk(), DEFAULT) == []
    assert decide(a_desk(an_agent()), DEFAULT) == []


def test_an_inquiry_meets_the_agent_who_can_help():
    assert given(an_agent(1, ("mitid",)), an_agent(2, ("passport",)), an_inquiry("a")) == {"a": 2}


def test_the_earliest_deadline_is_served_first_whatever_came_first():
    queue = an_inquiry("a", due_in=60), an_inquiry("b", due_in=-5), an_inquiry("c", due_in=20)
    assert given(an_agent(capacity=1), *queue) == {"b": 1}
    assert [one.inquiry for one in decide(a_desk(*queue), DEFAULT)] == ["b", "c", "a"]


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


def test_an_idle_agent_goes_before_one_with_work_in_hand():
    rare_but_idle, busy = an_agent(1, ("passport", "mitid")), an_agent(2, load=1, idle_for=900)
    assert given(rare_but_idle, busy, an_inquiry("a")) == {"a": 1}


def test_work_is_spread_before_anybody_gets_a_second_piece():
    queue = [an_inquiry(id, due_in=n) for n, id in enumerate("abcd")]
    assert sorted(given(an_agent(1), an_agent(2), an_agent(3), *queue[:3]).values()) == [1, 2, 3]
    assert sorted(given(an_agent(1), an_agent(2), an_agent(3), *queue).values()) == [1, 1, 2, 3]


def test_one_agent_gets_one_call_and_no_form_beside_it():
    queue = an_inquiry("a", due_in=1, channel="phone"), an_inquiry("b", due_in=2, channel="phone"), an_inquiry("c")
    [first, *rest] = decide(a_desk(an_agent(1), *queue), DEFAULT)
    assert (first.inquiry, first.agent, first.units, first.is_call) == ("a", 1, 3, True)
    assert all(isinstance(one, Wait) for one in rest)


def test_forms_fill_an_agent_to_the_last_unit_and_no_further():
    queue = [an_inquiry(id, due_in=n) for n, id in enumerate("abcd")]
    assert given(an_agent(1, load=1, capacity=3), *queue) == {"a": 1, "b": 1}


def test_a_call_that_finds_no_idle_agent_does_not_stop_the_form_behind_it():
    call, form = an_inquiry("a", due_in=1, channel="phone"), an_inquiry("b", due_in=9)
    assert given(an_agent(1, load=1), call, form) == {"b": 1}


def test_who_refused_it_does_not_get_it_again_but_the_next_one():
    assert given(an_agent(1, idle_for=99), an_agent(2), an_inquiry("a", said_no=frozenset({(1, NOW - 1)}))) == {"a": 2}
    assert given(an_agent(1), an_inquiry("a", said_no=frozenset({(1, NOW - 1)}))) == {}


def test_what_is_meant_for_one_waits_for_that_one():
    assert given(an_agent(1, idle_for=99), an_agent(2), an_inquiry("a", only_agent=2)) == {"a": 2}
    assert given(an_agent(1), an_inquiry("a", only_agent=2)) == {}


@pytest.mark.parametrize(
    ("desk", "why"),
    [
        ((an_inquiry(),), "nobody free for passport"),
        ((an_agent(1, ("mitid",)), an_inquiry()), "nobody free for passport"),
        ((an_agent(1), an_agent(2), an_inquiry(language="ar")), "nobody free: language 2"),
        (
            (an_agent(1, load=3), an_agent(2), an_inquiry(language="ar", said_no=frozenset({(2, NOW - 1)}))),
            "nobody free: language 2",
        ),
        (
            (an_agent(1, load=3), an_agent(2), an_inquiry(said_no=frozenset({(2, NOW - 1)}))),
            "nobody free: capacity 1, said no 1",
        ),
        ((an_agent(1), an_inquiry(only_agent=9)), "nobody free: meant for another 1"),
    ],
)
def test_what_waits_says_why(desk, why):
    assert reason(*desk) == why


@pytest.mark.parametrize(
    ("agents", "language", "why"),
    [
        ([an_agent(1)], "da", "least needed elsewhere of 1 able, speaks da, for 0860"),
        ([an_agent(1), an_agent(2)], "*", "least needed elsewhere of 2 able, for 0860"),
        ([an_agent(1, municipality="0860")], "da", "least needed elsewhere of 1 able, speaks da, own municipality"),
    ],
)
def test_what_is_offered_says_why(agents, language, why):
    [decision] = decide(a_desk(*agents, an_inquiry(language=language)), DEFAULT)
    assert isinstance(decision, Match) and decision.reason == why


@pytest.mark.parametrize(
    ("topics", "free_for", "worth"),
    [
        (("passport",), {"passport": [1, 2]}, 0.5),
        (("passport", "mitid"), {"passport": [1, 2], "mitid": [1]}, 1.5),
        (("passport",), {"passport": [1, 2, 3]}, 0.3),
        ((), {}, 0.0),
    ],
)
def test_an_agent_is_worth_the_more_the_fewer_share_their_topics(topics, free_for, worth):
    assert worth_elsewhere(an_agent(1, topics), free_for) == worth
