"""The rules of time, at their edges and for whatever numbers a policy has."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.routing import timing
from hotline.routing.model import ANY_LANGUAGE
from tests.routing.snapshots import DEFAULT, NOW

seconds = st.floats(0, 1e6)
policies = st.builds(
    lambda *rests: replace(DEFAULT, **dict(zip(RESTS, rests, strict=True))), *[st.integers(0, 10_000)] * 4
)
RESTS = ("rest_after_refusal", "rest_after_miss", "language_grace", "only_agent_seconds")


@pytest.mark.parametrize(("live", "priority", "within"), [(True, 1, 20), (True, 3, 180), (False, 1, 60)])
def test_the_deadline_counts_from_when_it_began_to_wait(live, priority, within):
    assert timing.deadline(NOW, live, priority, DEFAULT) == NOW + within


def test_an_offer_and_what_is_kept_for_one_end_when_the_policy_says():
    assert timing.lapses_at(NOW, DEFAULT) == NOW + 20
    assert timing.kept_until(NOW, DEFAULT) == NOW + 120


@pytest.mark.parametrize(("misses", "rest", "on_break"), [(1, 10, False), (2, 20, False), (3, 30, True), (4, 40, True)])
def test_whoever_misses_rests_the_longer_and_is_set_on_break_at_the_third(misses, rest, on_break):
    assert timing.rests_until(NOW, misses, DEFAULT) == NOW + rest
    assert timing.takes_a_break(misses, DEFAULT) is on_break


def test_whoever_said_no_is_asked_again_by_how_they_said_it():
    policy = replace(DEFAULT, rest_after_refusal=30, again_after_miss=60, again_after_transfer=90)
    assert timing.asked_again_before(NOW, policy) == {"refused": NOW - 30, "missed": NOW - 60, "passed_on": NOW - 90}


@pytest.mark.parametrize(
    ("language", "waited", "spoken", "asked"),
    [
        ("ar", 0, True, True),
        ("ar", 59.9, True, True),
        ("ar", 60, True, False),
        ("ar", 0, False, False),
        ("da", 9000, True, True),
        ("da", 0, False, False),
        (ANY_LANGUAGE, 0, True, False),
    ],
)
def test_a_language_is_asked_for_while_somebody_speaks_it_and_but_for_danish_a_minute(language, waited, spoken, asked):
    assert timing.asks_for_language(language, NOW - waited, spoken, NOW, DEFAULT) is asked


@given(policies, seconds, seconds)
def test_no_rule_that_has_let_go_takes_hold_again_as_time_passes(policy, since, later):
    for waited in (since, since + later):
        if not timing.asks_for_language("ar", NOW - since, True, NOW, policy):
            assert not timing.asks_for_language("ar", NOW - waited, True, NOW, policy)


@given(policies, st.integers(1, 20))
def test_each_further_miss_rests_no_shorter_and_a_break_stays_one(policy, misses):
    assert timing.rests_until(NOW, misses + 1, policy) >= timing.rests_until(NOW, misses, policy) >= NOW
    assert timing.takes_a_break(misses + 1, policy) >= timing.takes_a_break(misses, policy)


@pytest.mark.parametrize(("attempts", "after"), [(1, 15 * 60), (2, 120 * 60), (3, None), (4, None)])
def test_a_citizen_who_does_not_answer_is_rung_again_until_the_attempts_are_used(attempts, after):
    assert timing.rung_again_at(NOW, attempts, DEFAULT) == (NOW + after if after else None)


def test_the_last_delay_holds_for_all_further_attempts():
    patient = replace(DEFAULT, callback_attempts=9)
    assert [timing.rung_again_at(0, n, patient) for n in (2, 3, 8)] == [120 * 60] * 3


@pytest.mark.parametrize(("days", "may"), [(-1, True), (0, True), (14, True), (14.001, False)])
def test_a_citizen_may_ask_to_be_rung_within_two_weeks(days, may):
    assert timing.may_ask_for(NOW + days * 86_400, NOW, DEFAULT) is may
