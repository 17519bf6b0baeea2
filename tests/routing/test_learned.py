"""What is learned of topics as inquiries come and go."""

import pytest

from hotline.routing.learned import Learned


def after(*comes):
    """What is known after these have come, each a topic and a second."""
    learned = Learned()
    for topic, at in comes:
        learned.came(topic, "da", at)
    return learned


def test_before_anything_is_known_all_topics_are_alike():
    learned = Learned()
    assert learned.handling("mitid", True) == learned.handling("passport", True) == 300
    assert learned.usual_to_present("mitid", 1.0) == 1
    assert learned.arrivals("mitid") == learned.arrivals("passport") > 0


def test_a_mean_goes_from_the_first_guess_to_what_is_seen_and_forgets_what_was_long_ago():
    learned = Learned()
    learned.was_handled("mitid", True, 100)
    assert 200 < learned.handling("mitid", True) < 300
    for _ in range(600):
        learned.was_handled("mitid", True, 100)
    assert learned.handling("mitid", True) == pytest.approx(100, abs=1)
    for _ in range(600):
        learned.was_handled("mitid", True, 500)
    assert learned.handling("mitid", True) > 480
    assert learned.handling("mitid", False) == 600


def test_arrivals_are_those_of_the_last_half_hour():
    steady = after(*(("mitid", 60.0 * minute) for minute in range(300)))
    assert steady.arrivals("mitid") == pytest.approx(60, rel=0.05)
    steady.came("passport", "da", 60.0 * 300 + 7200)
    assert steady.arrivals("mitid") < 2


def test_who_has_citizens_and_does_little_owes_and_is_owed_once_it_has_done_more():
    learned = Learned()
    for number in range(100):
        learned.came("mitid", "da", float(number), "0860" if number % 2 else "0746")
    for _ in range(10):
        learned.was_handled("mitid", True, 300.0, "0860")
    assert learned.owes("0860") < 0 < learned.owes("0746")
    for _ in range(10_000):
        learned.was_handled("mitid", True, 300.0, "0746")
    assert learned.owes("0746") < 0 < learned.owes("0860")
    again = Learned.of(learned.sums())
    assert (again.owes("0746"), again.owes("0860")) == (learned.owes("0746"), learned.owes("0860"))
    assert Learned.of({name: sums for name, sums in learned.sums().items() if name != "_given"}).owes("0746") > 0


def test_a_busy_hour_of_all_topics_is_no_surge_of_any():
    calm = [(topic, 120.0 * n) for n in range(300) for topic in ("mitid", "passport")]
    busy = [(topic, 36000 + 30.0 * n) for n in range(100) for topic in ("mitid", "passport")]
    assert after(*calm, *busy).usual_to_present("passport", 1.3) == 1


def test_a_surge_is_seen_and_does_not_become_usual_by_lasting():
    calm = [(topic, 120.0 * n) for n in range(300) for topic in ("mitid", "passport")]
    surge = [("passport", 36000 + 10.0 * n) for n in range(3600)] + [("mitid", 36000 + 120.0 * n) for n in range(300)]
    learned = after(*calm, *sorted(surge, key=lambda one: one[1]))
    assert learned.usual_to_present("passport", 1.3) < 0.25
    assert learned.usual_to_present("mitid", 1.3) == 1
