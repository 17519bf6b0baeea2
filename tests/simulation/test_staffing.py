"""How many it takes: enough, with the right skills, and no more where nobody comes."""

import pytest

from hotline.simulation.staffing import NotToBeHad, staffing
from tests.simulation.days import DEFAULT, a_call, a_day, an_agent


def calls(number, every, at=0.0, **facts):
    """So many calls, one each so many seconds."""
    return [
        a_call(f"i{at + n * every:.0f}{facts}", at + n * every, patience_seconds=300.0, **facts) for n in range(number)
    ]


def test_one_call_at_a_time_takes_one_agent_and_an_hour_without_calls_nobody():
    halves = staffing(a_day(an_agent(), *calls(10, 150), *calls(10, 150, at=5400.0)), DEFAULT, 0.9)
    assert [(one.begins, one.needed, one.with_topic) for one in halves] == [
        (0, 1, {"passport": 1}),
        (5400, 1, {"passport": 1}),
    ]
    assert all(one.now == 1 and one.in_target == one.in_target_now == 1 for one in halves)


def test_where_too_few_are_there_more_are_needed_until_the_target_is_reached():
    [half] = staffing(a_day(an_agent(), *calls(60, 28)), DEFAULT, 0.9)
    assert half.in_target_now is not None and half.in_target_now < 0.9
    assert 4 <= half.needed <= 6 and half.in_target is not None and half.in_target >= 0.9


def test_where_too_many_are_there_fewer_are_needed():
    [half] = staffing(a_day(*(an_agent(f"a{n}") for n in range(9)), *calls(10, 150)), DEFAULT, 0.9)
    assert (half.now, half.needed) == (9, 1)


def test_who_is_added_can_what_was_late():
    both = [an_agent("p"), an_agent("m", skills={"mitid": 2})]
    [half] = staffing(a_day(*both, *calls(5, 300), *calls(40, 40, topic="mitid")), DEFAULT, 0.9)
    assert half.with_topic["mitid"] > half.with_topic["passport"] >= 1


def test_what_nobody_can_at_all_cannot_be_staffed():
    with pytest.raises(NotToBeHad):
        staffing(a_day(an_agent(), *calls(5, 300, topic="mitid")), DEFAULT, 0.9)
