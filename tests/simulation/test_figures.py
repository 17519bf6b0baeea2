"""What a run was worth, how sure a difference is, and whether it was fair."""

import pytest

from hotline.simulation.beside import differences
from hotline.simulation.fairness import exchange, spread_over_equals
from hotline.simulation.figures import by_channel, figures
from hotline.simulation.run import Fate
from tests.simulation.days import DEFAULT, a_call, a_day, an_agent


def answered(id, wait, at=0.0, agent="a", ended=None, **facts):
    return Fate(a_call(id, at, **facts), at + wait, agent, at + wait + 60 if ended is None else ended)


def given_up(id, after, at=0.0, **facts):
    return Fate(a_call(id, at, **facts), at + after)


def test_those_who_gave_up_count_in_all_but_what_is_said_of_the_answered():
    fates = [answered("i1", 10), answered("i2", 90), given_up("i3", 200), Fate(a_call("i4"), 0.0, refused=True)]
    assert figures(fates, DEFAULT, 60) == {
        "queue_time": 100,
        "mean_wait": 50,
        "p95": 200,
        "p99": 200,
        "sl": 0.5,
        "in_target": pytest.approx(1 / 3),
        "abandoned": pytest.approx(1 / 3),
    }


def test_of_nothing_nothing_is_said():
    assert set(figures([], DEFAULT, 60).values()) == {None}
    assert figures([given_up("i1", 5)], DEFAULT, 60)["mean_wait"] is None


def test_each_channel_has_its_own():
    fates = [answered("i1", 10), answered("i2", 300, channel="email")]
    assert {name: some["in_target"] for name, some in by_channel(fates, DEFAULT, 60).items()} == {
        "phone": 1,
        "email": 1,
    }


def test_a_difference_that_every_day_shows_is_sure_and_one_of_a_single_day_is_not():
    slow = [answered(f"i{day}", 100, at=day * 36000.0) for day in range(8)]
    quick = [answered(f"i{day}", 60 + day % 2, at=day * 36000.0) for day in range(8)]
    sure = differences(slow, quick, (DEFAULT, DEFAULT), 36000)["queue_time"]
    assert sure.value == pytest.approx(-39.5) and sure.low is not None and sure.high is not None
    assert -40 <= sure.low < sure.value < sure.high < 0
    once = [*slow[:7], answered("i7", 20, at=7 * 36000.0)]
    unsure = differences(slow, once, (DEFAULT, DEFAULT), 36000)["queue_time"]
    assert unsure.value == -10 and unsure.high == 0


def test_of_two_days_no_interval_is_given():
    some = [answered("i1", 10), answered("i2", 10, at=36000.0)]
    found = differences(some, some, (DEFAULT, DEFAULT), 36000)
    assert all((one.value, one.low, one.high) == (0, None, None) for one in found.values())
    assert differences([], [], (DEFAULT, DEFAULT), 36000) == {}


def test_equal_agents_who_do_as_much_differ_by_nothing():
    day = a_day(an_agent("a"), an_agent("b"), an_agent("c", skills={"mitid": 1}))
    even = [answered("i1", 0, agent="a"), answered("i2", 0, agent="b"), answered("i3", 0, agent="c", ended=900.0)]
    assert spread_over_equals(even, day) == 0
    assert spread_over_equals(even[:1], day) == pytest.approx(2**0.5)
    assert spread_over_equals(even, a_day(an_agent("a"))) is None


def test_what_a_municipality_gives_and_gets_is_counted_and_what_it_owes_is_its_share():
    day = a_day(an_agent("a"), an_agent("b", municipality="0860"))
    fates = [
        answered("i1", 0, agent="a"),
        answered("i2", 0, agent="b"),
        answered("i3", 0, agent="a", municipality="0746"),
    ]
    found = {one.municipality: (one.given, one.got, one.handled, one.owed) for one in exchange(fates, day)}
    assert found == {"0746": (1, 0, 2, 1), "0860": (0, 1, 1, 1), "0727": (0, 0, 0, 1)}
