"""Hours as people write them are read, said back, and refused where they mean nothing."""

from datetime import time

import pytest

from hotline.directory.errors import BadHours
from hotline.directory.hours import Opening
from hotline.directory.wall_hours import read, say


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
