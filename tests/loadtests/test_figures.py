"""The real day's check counts right, and finds what is wrong."""

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[2] / "loadtests" / "figures.py"
SPEC = importlib.util.spec_from_file_location("loadtests_figures", FILE)
assert SPEC is not None and SPEC.loader is not None
figures = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(figures)

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


def a_past(*events: str, home: str = "0860", answering: str = "0746", outcome: str | None = None):
    lines = [
        figures.Line(event, NOON + timedelta(seconds=10 * n), answering, outcome if event == "closed" else None)
        for n, event in enumerate(events)
    ]
    return figures.Past(home, lines, NOON)


def test_an_inquiry_passed_on_is_answered_once_and_not_resolved_at_first_contact():
    counts = figures.counted(
        [a_past("received", "offered", "accepted", "transferred", "offered", "accepted", "closed", outcome="resolved")]
    )
    assert counts["0860", "offers_made"] == 2
    assert counts["0860", "answered"] == counts["0860", "closed"] == counts["0860", "transferred"] == 1
    assert counts["0860", "wait_seconds"] == 20
    assert counts["0860", "resolved_first_contact"] == 0


def test_an_answer_by_a_neighbour_counts_for_both():
    counts = figures.counted([a_past("received", "accepted"), a_past("received", "accepted", answering="0860")])
    assert counts["0860", "answered_by_others"] == counts["0746", "answered_for_others"] == 1


@pytest.mark.parametrize("name", ["offered", "answered", "closed"])
def test_one_inquiry_too_many_in_the_sums_is_found(name):
    counts = figures.counted([a_past("received", "accepted", "closed", outcome="resolved")])
    wrong = {**counts, ("0860", name): counts["0860", name] + 1}
    assert figures.differences("journal holds", counts, counts, figures.IN_JOURNAL) == []
    [difference] = figures.differences("journal holds", counts, wrong, figures.IN_JOURNAL)
    assert difference == f"0860 {name}: journal holds 1, municipality's sum 2"


def test_a_municipality_that_only_the_sums_know_is_found():
    assert figures.differences("timelines tell", {}, {("0101", "abandoned"): 1.0}, figures.IN_TIMELINES)


def test_a_wait_may_differ_by_rounding_and_no_more():
    counts = figures.counted([a_past("received", "accepted")])
    for off, found in ((0.015, 0), (0.03, 1)):
        sums = {**counts, ("0860", "wait_seconds"): counts["0860", "wait_seconds"] + off}
        assert len(figures.differences("journal holds", counts, sums, figures.IN_JOURNAL)) == found
