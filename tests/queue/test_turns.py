"""What the router does first: somebody waits for a pass, and nobody for a duty."""

from sqlalchemy import text
from sqlmodel import col, select

from hotline.inquiries.offer import Offer
from hotline.live import WAKE, is_woken, wake
from hotline.queue.run import route
from tests.builders import a_ready_agent
from tests.building import transaction
from tests.offers.doing import a_journalled_inquiry, in_
from workers.route import look_after, run


def when(column, duty):
    with transaction() as session:
        return session.execute(text(f"SELECT {column} FROM duty WHERE name = '{duty}'")).scalar_one()


def last_offer():
    with transaction() as session:
        return session.exec(select(Offer).order_by(col(Offer.id).desc())).first()


def test_who_wakes_the_router_waits_for_none_of_its_duties(with_facts):
    a_ready_agent(), a_journalled_inquiry()
    wake(WAKE)
    run(iter([True, False]).__next__)
    assert last_offer().made_at < when("begun_at", "lapse")


def test_what_one_duty_gives_back_is_offered_before_the_next_duty(with_facts):
    for _ in range(2):
        a_ready_agent()
    a_journalled_inquiry()
    assert route(lambda: in_(seconds=-600)) == 1
    first = last_offer()
    look_after(["lapse", "tidy"])
    assert last_offer().id > first.id
    assert when("done_at", "lapse") < last_offer().made_at < when("begun_at", "tidy")


def test_a_wake_up_is_taken_once(with_facts):
    wake(WAKE)
    assert [is_woken(WAKE), is_woken(WAKE)] == [True, False]
