"""The period that a reader asks for."""

from datetime import date, timedelta

import pytest

from hotline.errors import Invalid
from hotline.statistics.periods import LONGEST, period
from hotline.statistics.queries import Grain
from tests.statistics.desk import MORNING


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
