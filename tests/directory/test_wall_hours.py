"""Hours as people write them are read, said back, and refused where they mean nothing."""

from datetime import time

import pytest

from hotline.directory.errors import BadHours
from hotline.directory.hours import Opening
from hotline.directory.wall_hours import read, read_day, read_times, say, say_times


@pytest.mark.parametrize(
    ("written", "back"),
    [
        (["mon-fri 08:00-16:00"], ["mon-fri 08:00-16:00"]),
        (["Sun 16:00-24:00", "mon-thu 8:00-20:00", "fri  8:00-16:00"], None),
        (["mon 08:00-12:00", "mon-tue 13:00-16:00"], ["mon 08:00-12:00", "mon 13:00-16:00", "tue 13:00-16:00"]),
        (["mon 08:00-12:00", "mon 12:00-16:00"], ["mon 08:00-12:00", "mon 12:00-16:00"]),
        (["mon-sun 00:00-24:00"], ["mon-sun 00:00-24:00"]),
        ([], []),
    ],
)
def test_what_is_read_is_said_back(written, back):
    back = back or (["mon-thu 08:00-20:00", "fri 08:00-16:00", "sun 16:00-24:00"] if written else [])
    assert say(read(written)) == back
    assert read(back) == read(written)


def test_midnight_is_the_end_of_the_day():
    assert read(["sat 20:00-24:00"]) == [Opening(5, time(20), time.max)]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        (["always"], "no hours"),
        (["man-fre 08:00-16:00"], "no hours"),
        (["mon-fri 8-16"], "no hours"),
        (["fri-mon 08:00-16:00"], "before it begins"),
        (["mon 16:00-08:00"], "before it begins"),
        (["mon 08:00-08:00"], "before it begins"),
        (["mon 08:60-16:00"], "no clock shows"),
        (["mon 24:00-25:00"], "no clock shows"),
        (["mon ٠٨:00-16:00"], "no hours"),
        (["mon-fri 08:00-16:00", "wed 15:00-18:00"], "wed has hours twice: 08:00-16:00 and 15:00-18:00"),
    ],
)
def test_hours_that_mean_nothing_are_refused(written, named):
    with pytest.raises(BadHours, match=named):
        read(written)


@pytest.mark.parametrize("day", ["2026-12-23", "12-24", "02-29", "2028-02-29"])
def test_a_special_day_is_one_of_the_calendar(day):
    assert read_day(f" {day} ") == day


@pytest.mark.parametrize("day", ["2026-02-29", "13-01", "12-32", "24.12.", "20261224", "christmas", "", "-12-24"])
def test_what_is_no_day_is_refused(day):
    with pytest.raises(BadHours, match="no day like"):
        read_day(day)


def test_the_times_of_a_special_day_are_said_back():
    assert say_times(read_times("12-23", ["13:00-24:00", "8:00-12:00"])) == "08:00-12:00, 13:00-24:00"
    assert (read_times("12-24", ["closed"]), say_times([])) == ([], "closed")


@pytest.mark.parametrize(
    ("written", "named"),
    [
        (["mon 08:00-12:00"], "no hours"),
        (["closed", "08:00-12:00"], "no hours"),
        (["12:00-08:00"], "before it begins"),
        (["08:00-12:00", "11:00-13:00"], "12-23 has hours twice"),
    ],
)
def test_what_are_no_times_of_a_day_is_refused(written, named):
    with pytest.raises(BadHours, match=named):
        read_times("12-23", written)
