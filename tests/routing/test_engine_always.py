"""What holds of every snapshot that Hypothesis can think of."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotline.routing.eligibility import units, why_not
from hotline.routing.engine import decide
from hotline.routing.model import CALL, Inquiry, Match, Snapshot, Wait
from tests.routing.snapshots import DEFAULT, snapshots


# To think of a snapshot takes most of the time, so all is asked of the same ones.
@given(snapshots(), st.integers())
@settings(max_examples=100, phases=[Phase.generate])
def test_of_every_snapshot_all_of_this_holds(snapshot, seed):
    the_snapshot_that_was_asked_about_is_left_as_it_was(snapshot)
    every_inquiry_gets_exactly_one_decision(snapshot)
    nobody_is_given_more_than_there_is_room_for(snapshot)
    a_call_takes_an_agent_whole_and_alone(snapshot)
    nobody_is_given_what_they_cannot_take(snapshot)
    nothing_waits_that_somebody_left_with_room_could_take(snapshot)
    a_second_look_at_what_is_left_finds_nothing_more(snapshot)
    the_same_snapshot_gives_the_same_answer_in_whatever_order_it_is_told(snapshot, seed)
    of_those_who_could_be_swapped_the_earliest_deadline_is_served(snapshot)
    a_match_is_told_apart_from_at_the_most_three_who_could_have_taken_it_too(snapshot)


def every_inquiry_gets_exactly_one_decision(snapshot):
    assert Counter(one.inquiry for one in decide(snapshot, DEFAULT)) == Counter(
        inquiry.id for inquiry in snapshot.waiting
    )


def nobody_is_given_more_than_there_is_room_for(snapshot):
    taken = Counter({agent.id: agent.load for agent in snapshot.agents})
    for match in matches(snapshot):
        taken[match.agent] += match.units
    assert all(taken[agent.id] <= agent.capacity for agent in snapshot.agents)


def a_call_takes_an_agent_whole_and_alone(snapshot):
    whole = {agent.id: agent for agent in snapshot.agents}
    calls = {inquiry.id for inquiry in snapshot.waiting if inquiry.channel == CALL}
    given_to = Counter(match.agent for match in matches(snapshot))
    for match in matches(snapshot):
        assert match.is_call is (match.inquiry in calls)
        if match.is_call:
            assert given_to[match.agent] == 1 and whole[match.agent].load == 0
            assert match.units == whole[match.agent].capacity


def nobody_is_given_what_they_cannot_take(snapshot):
    agents, waiting = {one.id: one for one in snapshot.agents}, {one.id: one for one in snapshot.waiting}
    for match in matches(snapshot):
        assert why_not(agents[match.agent], waiting[match.inquiry]) is None


def nothing_waits_that_somebody_left_with_room_could_take(snapshot):
    """But for written work, from whom a call still needs."""
    left = after(snapshot)
    waits = {one.inquiry for one in decide(snapshot, DEFAULT) if isinstance(one, Wait)}
    calls = [one for one in snapshot.waiting if one.id in waits and one.is_call]
    for inquiry in snapshot.waiting:
        held = inquiry.is_written and any(call.deadline < inquiry.deadline for call in calls)
        if inquiry.id in waits and not held:
            assert [agent.id for agent in left.agents if why_not(agent, inquiry) is None] == []


def a_second_look_at_what_is_left_finds_nothing_more(snapshot):
    left = after(snapshot)
    given_away = {match.inquiry for match in matches(snapshot)}
    assert matches(replace(left, waiting=tuple(one for one in snapshot.waiting if one.id not in given_away))) == []


def the_same_snapshot_gives_the_same_answer_in_whatever_order_it_is_told(snapshot, seed):
    agents, waiting = list(snapshot.agents), list(snapshot.waiting)
    Random(seed).shuffle(agents)
    Random(seed + 1).shuffle(waiting)
    assert decide(replace(snapshot, agents=tuple(agents), waiting=tuple(waiting)), DEFAULT) == decide(snapshot, DEFAULT)


def of_those_who_could_be_swapped_the_earliest_deadline_is_served(snapshot):
    """Where two differ in nothing but deadline and id, the later is never served instead of the earlier."""
    waits = {one.inquiry for one in decide(snapshot, DEFAULT) if isinstance(one, Wait)}
    served = [inquiry for inquiry in snapshot.waiting if inquiry.id not in waits]
    for left in (inquiry for inquiry in snapshot.waiting if inquiry.id in waits):
        alike = [one for one in served if as_old_as(left, one) == left]
        assert all((one.deadline, one.id) < (left.deadline, left.id) for one in alike)


def the_snapshot_that_was_asked_about_is_left_as_it_was(snapshot):
    before = repr(snapshot)
    decide(snapshot, DEFAULT)
    assert repr(snapshot) == before


def a_match_is_told_apart_from_at_the_most_three_who_could_have_taken_it_too(snapshot):
    for one in decide(snapshot, DEFAULT):
        if isinstance(one, Match):
            assert len(one.why.beside) == min(3, one.why.able - 1)
            assert one.agent not in {other.agent for other in one.why.beside}


def as_old_as(one: Inquiry, other: Inquiry) -> Inquiry:
    """The other, had it come when this one did."""
    return replace(other, id=one.id, queued_at=one.queued_at, deadline=one.queued_at + other.deadline - other.queued_at)


def matches(snapshot: Snapshot) -> list[Match]:
    return [one for one in decide(snapshot, DEFAULT) if isinstance(one, Match)]


def after(snapshot: Snapshot) -> Snapshot:
    """It, once every match of it has been taken, counted by hand."""
    waiting = {inquiry.id: inquiry for inquiry in snapshot.waiting}
    loads = {agent.id: agent.load for agent in snapshot.agents}
    for match in matches(snapshot):
        agent = next(one for one in snapshot.agents if one.id == match.agent)
        loads[match.agent] += units(agent, waiting[match.inquiry])
    return replace(snapshot, agents=tuple(replace(agent, load=loads[agent.id]) for agent in snapshot.agents))
