"""What holds at every desk that Hypothesis can think of."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotline.routing.eligibility import units, why_not
from hotline.routing.engine import decide
from hotline.routing.model import CALL, Inquiry, Match, Snapshot, Wait
from tests.routing.desk import DEFAULT, desks


# To think of a desk takes most of the time, so all is asked of the same ones.
@given(desks(), st.integers())
@settings(max_examples=100, phases=[Phase.generate])
def test_at_every_desk_all_of_this_holds(with_facts, seed):
    the_desk_that_was_asked_about_is_left_as_it_was(with_facts)
    every_inquiry_gets_exactly_one_decision(with_facts)
    nobody_is_given_more_than_there_is_room_for(with_facts)
    a_call_takes_an_agent_whole_and_alone(with_facts)
    nobody_is_given_what_they_cannot_take(with_facts)
    nothing_waits_that_somebody_left_with_room_could_take(with_facts)
    a_second_look_at_what_is_left_finds_nothing_more(with_facts)
    the_same_desk_gives_the_same_answer_in_whatever_order_it_is_told(with_facts, seed)
    of_those_who_could_be_swapped_the_earliest_deadline_is_served(with_facts)
    a_match_is_told_apart_from_at_the_most_three_who_could_have_taken_it_too(with_facts)


def every_inquiry_gets_exactly_one_decision(desk):
    assert Counter(one.inquiry for one in decide(desk, DEFAULT)) == Counter(inquiry.id for inquiry in desk.waiting)


def nobody_is_given_more_than_there_is_room_for(desk):
    taken = Counter({agent.id: agent.load for agent in desk.agents})
    for match in matches(desk):
        taken[match.agent] += match.units
    assert all(taken[agent.id] <= agent.capacity for agent in desk.agents)


def a_call_takes_an_agent_whole_and_alone(desk):
    whole = {agent.id: agent for agent in desk.agents}
    calls = {inquiry.id for inquiry in desk.waiting if inquiry.channel == CALL}
    given_to = Counter(match.agent for match in matches(desk))
    for match in matches(desk):
        assert match.is_call is (match.inquiry in calls)
        if match.is_call:
            assert given_to[match.agent] == 1 and whole[match.agent].load == 0
            assert match.units == whole[match.agent].capacity


def nobody_is_given_what_they_cannot_take(desk):
    agents, waiting = {one.id: one for one in desk.agents}, {one.id: one for one in desk.waiting}
    for match in matches(desk):
        assert why_not(agents[match.agent], waiting[match.inquiry]) is None


def nothing_waits_that_somebody_left_with_room_could_take(desk):
    """But for written work, from whom a call still needs."""
    left = after(desk)
    waits = {one.inquiry for one in decide(desk, DEFAULT) if isinstance(one, Wait)}
    calls = [one for one in desk.waiting if one.id in waits and one.is_call]
    for inquiry in desk.waiting:
        held = inquiry.is_written and any(call.deadline < inquiry.deadline for call in calls)
        if inquiry.id in waits and not held:
            assert [agent.id for agent in left.agents if why_not(agent, inquiry) is None] == []


def a_second_look_at_what_is_left_finds_nothing_more(desk):
    left = after(desk)
    given_away = {match.inquiry for match in matches(desk)}
    assert matches(replace(left, waiting=tuple(one for one in desk.waiting if one.id not in given_away))) == []


def the_same_desk_gives_the_same_answer_in_whatever_order_it_is_told(desk, seed):
    agents, waiting = list(desk.agents), list(desk.waiting)
    Random(seed).shuffle(agents)
    Random(seed + 1).shuffle(waiting)
    assert decide(replace(desk, agents=tuple(agents), waiting=tuple(waiting)), DEFAULT) == decide(desk, DEFAULT)


def of_those_who_could_be_swapped_the_earliest_deadline_is_served(desk):
    """Where two differ in nothing but deadline and id, the later is never served instead of the earlier."""
    waits = {one.inquiry for one in decide(desk, DEFAULT) if isinstance(one, Wait)}
    served = [inquiry for inquiry in desk.waiting if inquiry.id not in waits]
    for left in (inquiry for inquiry in desk.waiting if inquiry.id in waits):
        alike = [one for one in served if as_old_as(left, one) == left]
        assert all((one.deadline, one.id) < (left.deadline, left.id) for one in alike)


def the_desk_that_was_asked_about_is_left_as_it_was(desk):
    before = repr(desk)
    decide(desk, DEFAULT)
    assert repr(desk) == before


def a_match_is_told_apart_from_at_the_most_three_who_could_have_taken_it_too(desk):
    for one in decide(desk, DEFAULT):
        if isinstance(one, Match):
            assert len(one.why.beside) == min(3, one.why.able - 1)
            assert one.agent not in {other.agent for other in one.why.beside}


def as_old_as(one: Inquiry, other: Inquiry) -> Inquiry:
    """The other, had it come when this one did."""
    return replace(other, id=one.id, queued_at=one.queued_at, deadline=one.queued_at + other.deadline - other.queued_at)


def matches(desk: Snapshot) -> list[Match]:
    return [one for one in decide(desk, DEFAULT) if isinstance(one, Match)]


def after(desk: Snapshot) -> Snapshot:
    """The desk once every match of it has been taken, counted by hand."""
    waiting = {inquiry.id: inquiry for inquiry in desk.waiting}
    loads = {agent.id: agent.load for agent in desk.agents}
    for match in matches(desk):
        agent = next(one for one in desk.agents if one.id == match.agent)
        loads[match.agent] += units(agent, waiting[match.inquiry])
    return replace(desk, agents=tuple(replace(agent, load=loads[agent.id]) for agent in desk.agents))
