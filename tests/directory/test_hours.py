"""The hotline opens and closes by a Danish wall clock, whatever the season does to it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.clock import DANISH_TIME
from hotline.directory.hours import Opening, is_holiday, is_open, next_opening

HOURS = [
    *(Opening(day, time(8), time(20)) for day in range(4)),
    Opening(4, time(8), time(16)),
    Opening(6, time(16), time(20)),
]
MONDAY = date(2026, 11, 23)


def at(day: date, wall: str, fold: int = 0) -> datetime:
    """The moment when a Danish wall clock shows this."""
    return datetime.combine(day, time.fromisoformat(wall), DANISH_TIME).replace(fold=fold)


@pytest.mark.parametrize(
    ("day", "wall", "answered"),
    [
        (0, "07:59:59.999999", False),
        (0, "08:00", True),
        (0, "19:59:59.999999", True),
        (0, "20:00", False),
        (4, "15:59", True),
        (4, "16:00", False),
        (5, "12:00", False),
        (6, "15:59", False),
        (6, "16:00", True),
    ],
)
def test_the_hotline_answers_from_opening_until_just_before_closing(day, wall, answered):
    assert is_open(HOURS, at(MONDAY + timedelta(days=day), wall)) is answered


@pytest.mark.parametrize(
    ("now_day", "now_wall", "day", "wall"),
    [
        (0, "03:00", 0, "08:00"),
        (0, "20:00", 1, "08:00"),
        (4, "16:00", 6, "16:00"),
        (5, "23:59", 6, "16:00"),
        (6, "20:00", 7, "08:00"),
    ],
)
def test_whoever_rings_when_it_is_closed_hears_when_it_opens(now_day, now_wall, day, wall):
    opens = next_opening(HOURS, at(MONDAY + timedelta(days=now_day), now_wall))
    assert opens == at(MONDAY + timedelta(days=day), wall)
    assert opens.tzinfo is UTC


def test_while_it_is_open_it_opens_now():
    noon = at(MONDAY, "12:00")
    assert next_opening(HOURS, noon) == noon


def test_without_any_hours_nothing_is_restricted():
    assert is_open([], at(MONDAY, "03:00"))


def test_a_lunch_break_is_two_intervals_of_one_day():
    hours = [Opening(0, time(13), time(17)), Opening(0, time(8), time(12))]
    assert [is_open(hours, at(MONDAY, wall)) for wall in ("11:59", "12:00", "12:59", "13:00")] == [
        True,
        False,
        False,
        True,
    ]
    assert next_opening(hours, at(MONDAY, "12:30")) == at(MONDAY, "13:00")


def test_a_night_shift_is_an_interval_until_midnight_and_one_from_it():
    hours = [Opening(0, time(20), time.max), Opening(1, time(0), time(6))]
    midnight = at(MONDAY + timedelta(days=1), "00:00")
    assert all(is_open(hours, midnight + timedelta(microseconds=step)) for step in (-1, 0, 1))
    assert not is_open(hours, midnight + timedelta(hours=6))


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 4, 2), True),  # Maundy Thursday
        (date(2026, 4, 6), True),  # Easter Monday
        (date(2026, 5, 1), False),  # Great Prayer Day is none any more
        (date(2023, 5, 5), True),  # and was one then
        (date(2026, 12, 24), False),
        (date(2026, 12, 25), True),
        (date(2027, 1, 1), True),
    ],
)
def test_public_holidays_are_closed_days(day, holiday):
    every_day = [Opening(weekday, time(8), time(20)) for weekday in range(7)]
    assert is_holiday(day) is holiday
    assert is_open(every_day, at(day, "12:00")) is not holiday


def test_before_easter_the_next_opening_is_after_easter():
    assert next_opening(HOURS, at(date(2026, 4, 1), "20:00")) == at(date(2026, 4, 7), "08:00")


def test_eight_in_the_morning_is_another_moment_in_summer_than_in_winter():
    assert next_opening(HOURS, at(date(2026, 7, 6), "00:00")).hour == 6
    assert next_opening(HOURS, at(date(2026, 11, 23), "00:00")).hour == 7


def test_the_night_when_clocks_go_back_it_stays_open_through_both_hours():
    night, hours = date(2026, 10, 25), [Opening(6, time(2, 15), time(2, 45))]
    begin, end = datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC)
    shown = [at(night, "02:15"), at(night, "02:45", fold=1)]
    assert [begin, end] == [moment.astimezone(UTC) for moment in shown]
    assert [is_open(hours, begin + timedelta(minutes=step)) for step in (-1, 0, 40, 89, 90)] == [
        False, True, True, True, False
    ]  # fmt: skip


def test_the_night_when_clocks_go_forward_what_lies_in_the_missing_hour_does_not_open():
    hours = [Opening(6, time(2, 15), time(2, 45))]
    assert next_opening(hours, at(date(2026, 3, 28), "12:00")) == at(date(2026, 4, 12), "02:15")  # 5 April is Easter


moments = st.builds(
    lambda around, minutes: around + timedelta(minutes=minutes),
    st.just(datetime(2030, 1, 1, tzinfo=UTC)),
    st.floats(-5_000_000, 5_000_000),
) | st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from([datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]),
    st.floats(-1500, 1500),
)
walls = st.times() | st.sampled_from([time(0), time(2), time(2, 30), time(3), time.max])
intervals = st.builds(
    lambda day, one, other: Opening(day, min(one, other), max(one, other)), st.integers(0, 6), walls, walls
)
timetables = st.lists(intervals.filter(lambda i: i.opens < i.closes), min_size=1, max_size=6)


@given(timetables, moments)
def test_closed_until_it_opens_and_open_then(hours, moment):
    opens = next_opening(hours, moment)
    assert opens >= moment
    assert is_open(hours, opens)
    if opens > moment:
        assert not is_open(hours, moment)
        assert not is_open(hours, opens - timedelta(microseconds=1))


@given(timetables, moments, st.floats(0, 0.99))
def test_it_never_opens_earlier_than_it_said(hours, moment, share):
    opens = next_opening(hours, moment)
    if opens > moment:
        assert not is_open(hours, moment + (opens - moment) * share)


@given(timetables, moments)
def test_away_from_the_nights_of_change_the_wall_clock_alone_decides(hours, moment):
    wall = moment.astimezone(DANISH_TIME)
    if len({(moment + timedelta(hours=h)).astimezone(DANISH_TIME).utcoffset() for h in (-6, 0, 6)}) > 1:
        return
    shown = any(
        i.weekday == wall.weekday() and i.opens <= wall.time() and (wall.time() < i.closes or i.closes == time.max)
        for i in hours
    )
    assert is_open(hours, moment) is (shown and not is_holiday(wall.date()))
