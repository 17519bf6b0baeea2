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


EVERY_DAY = [Opening(weekday, time(8), time(20)) for weekday in range(7)]
SPECIAL = {
    "12-24": [],
    "12-31": [],
    "02-29": [],
    "2026-12-23": [(time(8), time(12)), (time(13), time(14))],
    "2026-12-25": [(time(10), time(14))],
    "2026-12-30": [(time(20), time.max)],
    "2027-12-24": [(time(10), time(12))],
    "2026-10-25": [(time(2, 30), time(3))],
    "2026-03-29": [(time(2), time(4))],
}
CASES = {
    "the day before is as usual": ("2026-12-22", "19:59", True),
    "a shortened day opens with its first interval": ("2026-12-23", "08:00", True),
    "and is closed from the last second of it": ("2026-12-23", "12:00", False),
    "and between its two": ("2026-12-23", "12:59:59", False),
    "and opens for the second": ("2026-12-23", "13:00", True),
    "and is closed where other days are not": ("2026-12-23", "14:00", False),
    "Christmas Eve is closed every year": ("2026-12-24", "12:00", False),
    "so is the one after the next": ("2028-12-24", "12:00", False),
    "but for the year that says otherwise": ("2027-12-24", "11:00", True),
    "and only in those times": ("2027-12-24", "12:00", False),
    "a holiday may be open for once": ("2026-12-25", "10:00", True),
    "and is closed around that": ("2026-12-25", "14:00", False),
    "the holiday after it is as ever": ("2026-12-26", "12:00", False),
    "a night is open until midnight": ("2026-12-30", "23:59:59.999999", True),
    "and closed from then on, New Year's Eve being a closed day": ("2026-12-31", "00:00", False),
    "New Year's Day is a holiday": ("2027-01-01", "12:00", False),
    "a leap day is a day of every year that has one": ("2028-02-29", "12:00", False),
    "and no other year misses it": ("2027-03-01", "12:00", True),
}  # fmt: skip


@pytest.mark.parametrize(("day", "wall", "answered"), CASES.values(), ids=CASES)
def test_a_special_day_is_open_in_its_own_times_and_no_others(day, wall, answered):
    assert is_open(EVERY_DAY, at(date.fromisoformat(day), wall), SPECIAL) is answered


@pytest.mark.parametrize(
    ("day", "wall", "opens"),
    [
        ("2026-12-23", "12:00", ("2026-12-23", "13:00")),
        ("2026-12-23", "14:00", ("2026-12-25", "10:00")),
        ("2026-12-25", "14:00", ("2026-12-27", "08:00")),
        ("2026-12-31", "00:00", ("2027-01-02", "08:00")),
        ("2027-12-24", "12:00", ("2027-12-27", "08:00")),
    ],
)
def test_whoever_rings_on_a_closed_day_hears_of_the_next_that_is_open(day, wall, opens):
    found = next_opening(EVERY_DAY, at(date.fromisoformat(day), wall), SPECIAL)
    assert found == at(date.fromisoformat(opens[0]), opens[1])


def test_on_the_nights_when_clocks_change_a_special_day_goes_by_the_wall_as_well():
    begin = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first of the two half past twos
    assert [is_open([], begin + timedelta(minutes=step), SPECIAL) for step in (-1, 0, 89, 90)] == [
        False, True, True, False
    ]  # fmt: skip
    begin = datetime(2026, 3, 29, 1, tzinfo=UTC)  # from two on no wall shows until three
    assert [is_open([], begin + timedelta(minutes=step), SPECIAL) for step in (-1, 0, 59, 60)] == [
        False, True, True, False
    ]  # fmt: skip


def test_without_hours_a_special_day_alone_is_unlike_others():
    assert not is_open([], at(date(2026, 12, 24), "12:00"), SPECIAL)
    assert next_opening([], at(date(2026, 12, 24), "12:00"), SPECIAL) == at(date(2026, 12, 25), "10:00")
    assert is_open([], at(date(2026, 12, 26), "03:00"), SPECIAL)


def test_where_every_day_of_the_year_is_closed_it_opens_in_more_than_a_year():
    never = {f"{date(2000, 1, 1) + timedelta(days=n):%m-%d}": [] for n in range(366)}
    assert next_opening(EVERY_DAY, at(MONDAY, "12:00"), never) > at(MONDAY, "12:00") + timedelta(days=366)


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
