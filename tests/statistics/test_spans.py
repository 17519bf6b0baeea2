"""The period that a program asks for, and the day, week or month that a page shows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.clock import danish
from hotline.errors import Invalid
from hotline.statistics.spans import LONGEST, Grain, Span, intervals, period, read_day, window
from tests.statistics.lines import MORNING

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    "span, day, first, last",
    [
        (Span.DAY, date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 25)),
        (Span.WEEK, date(2026, 11, 25), date(2026, 11, 23), date(2026, 11, 29)),
        (Span.WEEK, date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        (Span.MONTH, date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 28)),
        (Span.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_window_holds_whole_days_weeks_from_monday_and_whole_months(span, day, first, last):
    shown = window(span, day)
    assert (shown.first, shown.last) == (first, last)


def test_a_day_begins_at_midnight_in_denmark():
    assert window(Span.DAY, date(2026, 7, 1)).start == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert window(Span.DAY, date(2026, 12, 1)).start == datetime(2026, 11, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize("day, hours", [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)])
def test_the_days_on_which_the_clock_changes_have_another_hour(day, hours):
    shown = window(Span.DAY, day)
    counted = [danish(shown.start), danish(shown.end).replace(hour=23, day=day.day)]
    assert len(intervals(shown, counted)) == hours


def test_a_quiet_day_shows_the_hours_from_eight_to_twenty():
    hours = intervals(window(Span.DAY, TODAY), [])
    assert [hour.hour for hour in hours] == list(range(8, 20))


def test_a_call_at_night_widens_the_day_without_a_gap():
    shown = window(Span.DAY, TODAY)
    night = danish(datetime(2026, 11, 25, 2, tzinfo=UTC))
    assert [hour.hour for hour in intervals(shown, [night])] == list(range(3, 20))


def test_a_month_shows_every_day():
    assert len(intervals(window(Span.MONTH, date(2026, 10, 5)), [])) == 31


@pytest.mark.parametrize("asked, day", [(None, TODAY), ("2026-11-01", date(2026, 11, 1)), ("2027-01-01", TODAY)])
def test_no_day_and_a_day_to_come_are_today(asked, day):
    assert read_day(asked, TODAY) == day


@pytest.mark.parametrize("asked", ["yesterday", "2026-13-01", "0001-01-01", "1999-12-31"])
def test_what_is_no_day_is_refused(asked):
    with pytest.raises(Invalid):
        read_day(asked, TODAY)


@pytest.mark.parametrize(
    "start, end, begins, ends",
    [
        (None, None, "2026-11-20T23:00:00+00:00", "2026-11-21T23:00:00+00:00"),
        ("2026-10-25", None, "2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00"),
        (date(2026, 3, 29), date(2026, 3, 30), "2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00"),
        (
            "2026-11-20T00:00:00Z", "2026-11-20T13:30:00+01:00",
            "2026-11-20T00:00:00+00:00", "2026-11-20T12:30:00+00:00",
        ),
    ],
)  # fmt: skip
def test_dates_are_danish_and_times_say_their_zone(start, end, begins, ends):
    asked = period(start, end, MORNING)
    assert (asked.start.isoformat(), asked.end.isoformat()) == (begins, ends)


@pytest.mark.parametrize(
    "start, end",
    [
        ("2026-11-21", "2026-11-21"),
        ("2026-11-22", "2026-11-21"),
        ("2026-11-21T08:00:00", None),
        ("2026-11-21T08:00:00 01:00", None),
        ("yesterday", None),
        ("2026-02-30", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2026-11-21", "9999-12-31T23:59:59-12:00"),
        ("", None),
        ("\x00", None),
        ("1e9", None),
        ("2000-01-01", "2100-01-01"),
    ],
)
def test_what_is_no_period_is_refused(start, end):
    with pytest.raises(Invalid):
        period(start, end, MORNING)


@pytest.mark.parametrize("interval", Grain)
def test_a_period_may_be_as_long_as_its_interval_allows(interval):
    longest, start = LONGEST[interval], MORNING.isoformat()
    assert period(start, (MORNING + longest).isoformat(), MORNING, longest)
    with pytest.raises(Invalid):
        period(start, (MORNING + longest + timedelta(seconds=1)).isoformat(), MORNING, longest)
