"""What one line of the journal adds, rule by rule."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.statistics.counting import Exchanged, Gain, Waited, exact, gain, interval_of
from hotline.statistics.models import COUNTS
from tests.statistics.lines import MORNING, a_line

EIGHT = datetime(2026, 11, 21, 8, tzinfo=UTC)
WORK = {"talk_seconds": 120.0, "wrap_seconds": 30.0}
WAITED = {"wait_seconds": 20.0, "target_seconds": 60}


def home_counts(line):
    [one] = gain(line).increments
    assert (one.start, one.municipality, one.topic, one.channel) == (EIGHT, "0751", "passport", "phone")
    return one.counts


@pytest.mark.parametrize(
    "event, data, counts",
    [
        ("offered", {}, {"offers_made": 1}),
        ("refused", {}, {"offers_refused": 1}),
        ("lapsed", {}, {"offers_lapsed": 1}),
        ("callback", {}, {"callbacks": 1}),
        ("callback", {"not_before": "2026-11-21T08:00:00+00:00", **WORK}, {"callbacks": 1, **WORK}),
        ("callback", {"again": True, "attempts": 1, **WORK}, WORK),
        ("released", {"by": "person 1", **WORK}, WORK),
        ("transferred", WORK, {"transferred": 1, **WORK}),
        ("handed_over", WORK, {"handed_over": 1, **WORK}),
        (
            "closed",
            {**WORK, "outcome": "referred", "first_contact": True},
            {"closed": 1, "resolved_first_contact": 0, **WORK},
        ),
        (
            "closed",
            {**WORK, "outcome": "resolved", "first_contact": False},
            {"closed": 1, "resolved_first_contact": 0, **WORK},
        ),
        (
            "closed",
            {**WORK, "outcome": "resolved", "first_contact": True},
            {"closed": 1, "resolved_first_contact": 1, **WORK},
        ),
    ],
)
def test_an_event_counts_at_home_in_its_own_quarter_of_an_hour(event, data, counts):
    assert home_counts(a_line(event, **data)) == counts


HISTORY = ["received", "withdrawn", "wrapping", "corrected", "message", "flagged", "due", "unread", "released"]


@pytest.mark.parametrize("event", HISTORY)
def test_some_events_are_history_only(event):
    assert gain(a_line(event)).increments == []
    assert gain(a_line(event)).exchanged is None


def test_an_inquiry_is_offered_to_the_agents_when_it_arrived_and_not_when_it_was_read():
    line = a_line("classified", MORNING + timedelta(hours=1), received_at=MORNING)
    assert home_counts(line) == {"offered": 1}


def test_who_hangs_up_before_being_read_was_still_offered():
    rang = MORNING - timedelta(minutes=9)
    line = a_line("abandoned", topic=None, received_at=rang, **WAITED, classified=False)
    arrival, gone = gain(line).increments
    assert (arrival.start, arrival.topic, arrival.counts) == (EIGHT - timedelta(minutes=15), "", {"offered": 1})
    assert (gone.start, gone.topic, gone.counts["abandoned"]) == (EIGHT, "", 1)


@pytest.mark.parametrize(
    "waited, in_target, short", [(4.99, 1, 1), (5.0, 1, 0), (60.0, 1, 0), (60.01, 0, 0), (0.0, 1, 1)]
)
def test_hanging_up_counts_by_how_long_they_waited(waited, in_target, short):
    line = a_line("abandoned", received_at=MORNING, wait_seconds=waited, target_seconds=60, classified=True)
    assert home_counts(line) == {"abandoned": 1, "abandoned_in_target": in_target, "short_abandoned": short}


def test_who_hangs_up_after_a_transfer_was_answered_and_is_not_counted_twice():
    line = a_line("abandoned", received_at=MORNING, wait_seconds=200, target_seconds=60, classified=True, answered=True)
    assert gain(line) == Gain()


@pytest.mark.parametrize("waited, in_target", [(60.0, 1), (60.01, 0)])
def test_an_answer_on_the_second_of_the_target_is_in_time(waited, in_target):
    counts = home_counts(a_line("accepted", answering="0751", first=True, wait_seconds=waited, target_seconds=60))
    assert counts["answered"] == 1
    assert counts["answered_in_target"] == in_target


def test_an_answer_by_another_municipality_is_booked_with_both():
    home, helper = gain(a_line("accepted", answering="0860", first=True, **WAITED)).increments
    assert home.municipality == "0751"
    assert home.counts == {"answered": 1, "answered_in_target": 1, "wait_seconds": 20.0, "answered_by_others": 1}
    assert (helper.start, helper.municipality, helper.topic, helper.channel) == (EIGHT, "0860", "passport", "phone")
    assert helper.counts == {"answered_for_others": 1}


def test_an_answer_after_a_transfer_is_no_second_answer():
    assert gain(a_line("accepted", answering="0860", first=False, **WAITED)).increments == []


def test_the_exchange_counts_an_inquiry_once_and_all_of_its_talk():
    closed = a_line("closed", answering="0860", outcome="resolved", first_contact=False, **WORK)
    ended = Exchanged(EIGHT, "0751", "0860", {"inquiries": 1, **WORK})
    assert gain(closed).exchanged == gain(a_line("handed_over", answering="0860", **WORK)).exchanged == ended
    for event in ("transferred", "released", "callback"):
        assert gain(a_line(event, answering="0791", **WORK)).exchanged == Exchanged(EIGHT, "0751", "0791", WORK)


def test_the_exchange_tells_first_answers_as_the_municipality_does():
    first, again = (gain(a_line("accepted", answering="0860", first=first, **WAITED)) for first in (True, False))
    assert (first.exchanged, again.exchanged) == (Exchanged(EIGHT, "0751", "0860", {"answered": 1}), None)


def test_all_who_were_answered_or_left_unanswered_have_waited():
    left = {"received_at": MORNING, "classified": True, **WAITED}
    for event, data in (("accepted", {"answering": "0860", "first": True, **WAITED}), ("abandoned", left)):
        assert gain(a_line(event, **data)).waited == Waited(EIGHT, "0751", "phone", 20.0)
    assert gain(a_line("abandoned", **left, answered=True)).waited is None


def test_own_citizens_are_in_the_exchange_too():
    closed = a_line("closed", answering="0751", outcome="resolved", first_contact=True, **WORK)
    assert gain(closed).exchanged == Exchanged(EIGHT, "0751", "0751", {"inquiries": 1, **WORK})


@pytest.mark.parametrize(
    "moment, start",
    [
        ("2026-11-21T09:14:59.999999+01:00", "2026-11-21T08:00:00+00:00"),
        ("2026-11-21T09:15:00+01:00", "2026-11-21T08:15:00+00:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_quarters_of_an_hour_begin_in_utc(moment, start):
    assert interval_of(datetime.fromisoformat(moment)).isoformat() == start


@given(st.lists(st.floats(0, 1e6), max_size=200), st.randoms())
def test_seconds_add_up_to_the_same_in_any_order(seconds: list[float], chance: random.Random):
    kept = [exact(one) for one in seconds]
    mixed = chance.sample(kept, len(kept))
    assert sum(kept) == sum(mixed)
    assert all(abs(one - kept_one) <= 1 / 2048 for one, kept_one in zip(seconds, kept, strict=True))


def test_every_count_that_is_added_has_a_column():
    of_all = [
        a_line("classified", received_at=MORNING),
        a_line("accepted", answering="0860", first=True, **WAITED),
        a_line("abandoned", received_at=MORNING, classified=True, **WAITED),
        a_line("closed", outcome="resolved", first_contact=True, again_after=600.0, **WORK),
        *(a_line(event, **WORK) for event in ("transferred", "handed_over")),
        *(a_line(event) for event in ("offered", "refused", "lapsed", "callback")),
    ]
    assert {name for line in of_all for one in gain(line).increments for name in one.counts} == set(COUNTS)
