"""Who answers whose citizens, whatever collaborations there are."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.routing.together import Together

CODES = ("0727", "0746", "0751", "0766", "0860")

some_together = st.dictionaries(st.sampled_from(CODES), st.frozensets(st.integers(1, 4)), min_size=1).map(
    lambda held: Together(tuple(sorted(held.items())))
)


@pytest.mark.parametrize(
    ("held", "answered_by"),
    [
        ({}, {"0860"}),
        ({"0860": {1}}, {"0860"}),
        ({"0860": {1}, "0746": {1}}, {"0860", "0746"}),
        ({"0860": {1}, "0746": {2}}, {"0860"}),
        ({"0860": {1, 2}, "0746": {1}, "0751": {2}}, {"0860", "0746", "0751"}),
        ({"0860": {1}, "0746": {1, 2}, "0751": {2}}, {"0860", "0746"}),
        ({"0860": set(), "0746": set()}, {"0860"}),
    ],
)
def test_the_citizens_of_hjorring_are_answered_by_those_who_share_a_collaboration_with_it(held, answered_by):
    who = Together(tuple((code, frozenset(ones)) for code, ones in held.items()))
    assert who.answered_by("0860") == answered_by


@given(some_together)
def test_who_answers_another_is_answered_by_them_and_each_answers_its_own(who):
    for one in CODES:
        assert one in who.answered_by(one)
        for other in CODES:
            assert (one in who.answered_by(other)) == (other in who.answered_by(one))


@given(some_together)
def test_a_circle_stands_for_exactly_those_who_may_answer(who):
    for asked in CODES:
        for agent in CODES:
            assert (who.circle(asked) in who.answers(agent)) == (agent in who.answered_by(asked))


@given(some_together, some_together)
def test_no_word_of_before_a_change_stands_for_anybody_after_it(before, after):
    changed = {(code, one) for code, held in before.collaborations for one in held} != {
        (code, one) for code, held in after.collaborations for one in held
    }
    if changed:
        words = set(chain(before.circles, map(before.circle, CODES)))
        assert not words & set(chain(after.circles, map(after.circle, CODES)))
