"""Percentages and averages from sums."""

from dataclasses import fields

import pytest

from hotline.statistics.measures import SERVICE_LEVELS, measure
from hotline.statistics.models import COUNTS

NOTHING = dict.fromkeys(COUNTS, 0)
# 1,060 citizens: 1,000 answered, 860 of them in time; 60 hung up, 20 in time, half of those almost at once.
A_DAY = NOTHING | {
    "answered": 1000,
    "answered_in_target": 860,
    "abandoned": 60,
    "abandoned_in_target": 20,
    "short_abandoned": 10,
}


@pytest.mark.parametrize(
    "formula, share", [("A", 83.0), ("B", 86.0), ("C", 81.1), ("D", 82.7), ("E", 82.1), ("F", 81.9)]
)
def test_six_formulas_give_six_service_levels_for_one_day(formula, share):
    assert round(100 * measure(A_DAY, formula).service_level, 1) == share


@pytest.mark.parametrize("formula", SERVICE_LEVELS)
def test_a_day_on_which_nothing_was_counted_has_no_figures(formula):
    empty = measure(NOTHING, formula)
    assert {getattr(empty, field.name) for field in fields(empty)} == {formula, None}


@pytest.mark.parametrize("formula, share", [("A", 1), ("B", None), ("C", 0), ("D", None), ("E", 1), ("F", None)])
def test_a_day_on_which_everyone_hung_up_at_once(formula, share):
    at_once = NOTHING | {"abandoned": 3, "abandoned_in_target": 3, "short_abandoned": 3}
    assert measure(at_once, formula).service_level == share
    assert measure(at_once, formula).abandonment == 1


def test_the_default_formula_is_the_one_that_leaves_early_abandons_out():
    assert measure(A_DAY).sl_formula == "D"


def test_waits_are_of_the_answered_and_handling_of_the_ended():
    day = NOTHING | {"answered": 4, "wait_seconds": 60, "talk_seconds": 500, "wrap_seconds": 100, "closed": 2}
    assert measure(day | {"handed_over": 1}).average_wait_seconds == 15
    assert measure(day | {"handed_over": 1}).average_handle_seconds == 200
