"""What is to be expected each half hour: weekdays, holidays and the shape of the day, better than the week before."""

from datetime import date, timedelta
from random import Random

import pytest
from typer.testing import CliRunner

from hotline.clock import danish, now
from hotline.inquiries.states import Event
from hotline.statistics.forecast import by_day, learn, tried
from hotline.statistics.ladder import midnight
from tests.cli.commands import app
from tests.statistics.lines import take_all, write

MONDAY = date(2026, 3, 2)
SHAPE = [0.9, 1.5, 1.55, 1.35, 0.95, 1.0, 1.0, 0.8, 0.55, 0.4]  # by hour, from eight on
BY_WEEKDAY = (1.3, 1.1, 1.0, 1.0, 0.8, 0.0, 0.3)


def days_of(inquiries, weeks=20, chance=None, closed=()):
    """Days of so many inquiries on average, as many as their weekday and hour has, by chance where one is given."""
    found = {}
    for day in (MONDAY + timedelta(days=number) for number in range(7 * weeks)):
        level = BY_WEEKDAY[day.weekday()] * (chance.gauss(1, 0.08) if chance else 1) * (day not in closed)
        whole = [0.0] * 48
        for hour, share in enumerate(SHAPE):
            for half in (0, 1):
                mean = inquiries * level * share / 20
                whole[2 * (8 + hour) + half] = max(0, round(chance.gauss(mean, mean**0.5))) if chance else mean
        found[day] = whole
    return found


def test_what_repeats_itself_is_expected_again_to_the_half_hour():
    history = days_of(1000)
    learned = learn(history, MONDAY + timedelta(weeks=5))  # before the holidays of spring
    for number in range(7):
        expected = learned.expected(MONDAY + timedelta(weeks=5, days=number + 14))
        assert sum(expected) == pytest.approx(1000 * BY_WEEKDAY[number], rel=0.01, abs=0.01)
    monday = learned.expected(MONDAY + timedelta(weeks=7))
    assert monday[20] == pytest.approx(1300 * 1.55 / 20, rel=0.01) and monday[0] == 0


def test_a_public_holiday_is_a_day_of_its_own_and_no_weekday_suffers_by_it():
    of_spring = ("04-02", "04-03", "04-05", "04-06", "05-14", "05-24", "05-25")
    holidays = [date.fromisoformat(f"2026-{day}") for day in of_spring]
    learned = learn(days_of(1000, closed=holidays), date(2026, 6, 1))
    assert sum(learned.expected(date(2026, 12, 25))) == 0
    assert sum(learned.expected(date(2026, 6, 8))) == pytest.approx(1300, rel=0.01)


@pytest.mark.parametrize("inquiries", [60, 1400, 14_000])
def test_by_chance_it_is_nearer_than_the_same_half_hour_of_the_week_before(inquiries):
    ours, naive = tried(days_of(inquiries, chance=Random(7)), MONDAY + timedelta(weeks=20), weeks=6)
    assert ours < 0.9 * naive


def test_the_command_prints_six_weeks_from_tomorrow_and_how_far_off_it_was(db):
    at = now().replace(hour=10, minute=10)
    for ago in range(1, 100):
        write(db, Event.CLASSIFIED, at - timedelta(days=ago), received_at=at - timedelta(days=ago))
    db.commit()
    take_all(db)
    done = CliRunner().invoke(app, ["statistics", "forecast", "--municipality", "0751"])
    assert done.exit_code == 0, done.stderr
    head, *lines = done.stdout.splitlines()
    assert head == "day,from,expected" and lines[0].startswith(str(danish(now()).date() + timedelta(days=1)))
    assert {line.split(",")[0] for line in lines} and sum(float(line.split(",")[2]) for line in lines) == pytest.approx(
        42, rel=0.2
    )
    assert done.stderr.startswith("off by ") and "a week before" in done.stderr


def test_where_nothing_came_nothing_is_expected_and_nothing_is_measured():
    assert sum(learn({}, MONDAY).expected(MONDAY)) == 0
    assert tried({}, MONDAY, 6) is None and tried(days_of(100, weeks=6), MONDAY + timedelta(weeks=6), 6) is None


def test_the_hour_that_autumn_has_twice_is_one():
    start = midnight(date(2026, 10, 25))
    [(day, halves)] = by_day((start + timedelta(minutes=30 * half), 1) for half in range(50)).items()
    assert (day, sum(halves), halves[4:6]) == (date(2026, 10, 25), 50, [2, 2])
