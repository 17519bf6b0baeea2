"""A run by the decisions of the live hotline: sentences about small days, and laws of any day."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.simulation.run import Run
from tests.simulation.days import (
    CODES,
    DEFAULT,
    TARGETS,
    WRITTEN,
    a_busy_day,
    a_call,
    a_collaboration,
    a_day,
    an_agent,
    broken,
    days,
    run,
    taken,
)

# A busy machine makes single examples slow, which says nothing about the run.
always = settings(max_examples=60, deadline=None)


def test_a_call_is_taken_as_it_comes_and_the_next_when_the_first_is_wrapped_up():
    day = a_day(an_agent(), a_call("i1", 10), a_call("i2", 20), wrap_up_seconds=15)
    assert taken(day) == {"i1": ("a", 10), "i2": ("a", 125)}


def test_who_is_quick_takes_less_time_and_who_is_new_more():
    quick = a_day(an_agent(skills={"passport": 3}), a_call("i1"), proficiency_factor={1: 1.3, 2: 1.0, 3: 0.8})
    assert run(quick)["i1"].ended_at == 80


def test_a_citizen_waits_as_long_as_they_do_and_no_longer():
    fate = run(a_day(an_agent(), a_call("i1"), a_call("i2", 1, patience_seconds=30)))["i2"]
    assert (fate.agent, fate.at, fate.waited) == (None, 31, 30)


def test_an_agent_ends_a_call_after_the_shift_and_begins_none():
    day = a_day(an_agent(shifts=((0.0, 50.0),)), a_call("i1", 40), a_call("i2", 45))
    assert taken(day) == {"i1": ("a", 40), "i2": (None, 45 + 3600)}


def test_shifts_that_touch_are_one():
    day = a_day(an_agent(shifts=((50.0, 90.0), (0.0, 50.0))), a_call("i1", 40, handle_seconds=20.0), a_call("i2", 41))
    assert taken(day)["i2"] == ("a", 60)


def test_an_agent_has_three_mails_in_hand_and_no_call_beside_them():
    mails = [a_call(f"m{number}", channel="email") for number in range(4)]
    day = a_day(an_agent(), *mails, a_call("c", 1))
    found = taken(day)
    assert found.pop("m3")[1] >= 200
    assert found == {"m0": ("a", 0), "m1": ("a", 0), "m2": ("a", 0), "c": ("a", 100)}


def test_written_work_goes_on_once_the_call_that_held_it_back_has_gone():
    day = a_day(
        an_agent(), a_call("m1", channel="email"), a_call("c", 1, patience_seconds=9), a_call("m2", 5, channel="email")
    )
    assert taken(day) == {"m1": ("a", 0), "c": (None, 10), "m2": ("a", 10)}


RINGS = {"collaborations": (a_collaboration("0746", "0860", "0727", kept={}),)}


@pytest.mark.parametrize(
    ("homes", "opens"),
    [
        pytest.param({"0860": 3, "0746": 3, "0727": 3}, {"0860": 0, "0746": 30, "0727": 60}, id="home, partners, all"),
        pytest.param(
            {"0746": 3, "0727": 3}, {"0746": 0, "0727": 30}, id="a home that nobody serves is skipped at once"
        ),
        pytest.param({"0860": 3, "0727": 3}, {"0860": 0, "0727": 30}, id="so are partners"),
        pytest.param({"0727": 3}, {"0727": 0}, id="and both"),
    ],
)
def test_rings_open_one_after_another(homes, opens):
    """All who are there are busy until one of them alone is free, too late for all but the last ring."""
    for free, since in opens.items():
        agents = [an_agent(code, municipality=code, capacity=1) for code in homes]
        talks = [
            a_call(f"busy{code}", municipality=code, handle_seconds=since + 1.0 if code == free else 900.0)
            for code in homes
        ]
        assert taken(a_day(*agents, *talks, a_call("i", 0.5), **RINGS))["i"] == (free, since + 1.0)
        if since:
            early = [replace(one, handle_seconds=since - 1.0) if one.id == f"busy{free}" else one for one in talks]
            assert taken(a_day(*agents, *early, a_call("i", 0.5), **RINGS))["i"] == (free, since + 0.5)


def test_a_ring_opens_the_moment_the_last_of_it_goes_home():
    agents = an_agent("home", municipality="0860", shifts=((0.0, 12.0),)), an_agent("all", municipality="0727")
    talk = a_call("busy", handle_seconds=900.0)
    partner = an_agent("partner", municipality="0746", skills={"passport": 2}, shifts=((0.0, 20.0),))
    partners_talk = a_call("busy too", municipality="0746", handle_seconds=900.0)
    day = a_day(*agents, partner, talk, partners_talk, a_call("i", 1), **RINGS)
    assert taken(day)["i"] == ("all", 20)


def test_what_a_municipality_keeps_nobody_else_answers():
    kept = {"collaborations": (a_collaboration(*CODES, kept={"0860": frozenset({"passport"})}),)}
    assert taken(a_day(an_agent(), a_call("i", patience_seconds=99), **kept))["i"] == (None, 99)


def test_those_who_share_no_collaboration_never_answer_each_other():
    apart = {"collaborations": (a_collaboration("0746", "0727"),)}
    assert taken(a_day(an_agent(), a_call("i", patience_seconds=99), **apart))["i"] == (None, 99)


def test_a_citizen_from_outside_is_like_any_other_or_last_or_refused():
    day = [an_agent(), a_call("busy"), a_call("out", 1, municipality="0999", member=False), a_call("in", 2)]
    assert taken(a_day(*day, outside="equal"))["out"] == ("a", 100)
    assert taken(a_day(*day, outside="last"))["out"] == ("a", 200)
    assert run(a_day(*day, outside="refuse"))["out"].refused


@given(days())
@always
def test_no_run_breaks_a_rule(day):
    assert broken(day) == []


@given(days())
@always
def test_by_the_rings_nobody_answers_before_their_turn(day):
    """Others than home wait for at least the first ring's seconds where home has somebody; elsewhere nobody answers."""
    home = {one.id: one.municipality for one in day.agents}
    for fate in run(day).values():
        ours, theirs = fate.arrival.municipality, home.get(fate.agent or "", "")
        if day.settings.collaborations is None or fate.agent is None or not fate.arrival.member or ours == theirs:
            continue
        both = [one for one in day.settings.collaborations if {ours, theirs} <= one.members]
        assert any(fate.arrival.topic not in one.kept.get(ours, ()) for one in both)
        at_home = any(
            home[one.id] == ours
            and fate.arrival.topic in one.skills
            and fate.arrival.language in one.languages
            and any(begins <= fate.arrival.at and fate.at < ends for begins, ends in one.shifts)
            for one in day.agents
        )
        assert fate.waited >= 30 or not at_home


@given(days(), st.integers(0, 1500), st.integers(1, 9))
@always
def test_nothing_that_comes_later_moves_what_is_decided_before(day, moment, other):
    """After the moment other inquiries come; those in the queue or in hand then wait or take longer than they did."""
    changed = tuple(
        replace(one, handle_seconds=one.handle_seconds * other, topic="mitid", priority=1) if one.at > moment else one
        for one in day.inquiries
    )
    begun = {one.arrival.id: one for one in Run(day, DEFAULT).fates() if one.at <= moment}
    again = {one.arrival.id: one for one in Run(replace(day, inquiries=changed), DEFAULT).fates() if one.at <= moment}
    assert begun == again


@given(days(), st.integers(0, 1500))
@always
def test_how_long_what_is_in_hand_will_take_moves_nothing_before_it_is_over(day, moment):
    begun = {one.arrival.id: one for one in Run(day, DEFAULT).fates() if one.at <= moment}
    in_hand = {id for id, one in begun.items() if (one.ended_at or 0.0) > moment}
    longer = tuple(
        replace(one, handle_seconds=one.handle_seconds * 3) if one.id in in_hand else one for one in day.inquiries
    )
    again = [one for one in Run(replace(day, inquiries=longer), DEFAULT).fates() if one.at <= moment]
    assert {one.arrival.id: (one.agent, one.at) for one in again} == {
        id: (one.agent, one.at) for id, one in begun.items()
    }


@pytest.mark.parametrize("seed", range(2))
def test_on_a_busy_day_no_call_starves_behind_mails_and_no_mail_waits_for_ever(seed):
    day = a_busy_day(seed)
    fates = run(day)
    assert broken(day) == []
    due = {one.id: one.at + (TARGETS if one.channel != "email" else WRITTEN)[one.priority] for one in day.inquiries}
    agents = {one.id: one for one in day.agents}
    mails = [one for one in fates.values() if one.arrival.channel == "email" and one.agent]
    for call in (one for one in fates.values() if one.arrival.channel == "phone"):
        for mail in mails:
            able = agents[mail.agent or ""]
            if call.arrival.at < mail.at < call.at and due[mail.arrival.id] > due[call.arrival.id]:
                assert call.arrival.topic not in able.skills or call.arrival.language not in able.languages
    while_staffed = [one for one in fates.values() if one.arrival.channel == "email" and one.arrival.at < 9000]
    assert sum(one.agent is None for one in while_staffed) < 0.2 * len(while_staffed)
