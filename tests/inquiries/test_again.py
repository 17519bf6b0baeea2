"""A citizen who rings again about the same topic is known when the second call ends."""

from datetime import timedelta

import pytest
from sqlmodel import select

from hotline.clock import now
from hotline.inquiries.again import seconds_since_last
from hotline.inquiries.models import Citizen, Inquiry
from tests.builders import SKANDERBORG, a_waiting_inquiry
from tests.building import transaction


@pytest.mark.parametrize(
    ("changed", "seconds"),
    [
        ({}, 600),
        ({"outcome": "no_answer"}, None),
        ({"topic": "mitid"}, None),
        ({"municipality": SKANDERBORG}, None),
        ({"state": "abandoned", "outcome": None}, None),
        ({"ended_at": 600_000}, 600_000),
        ({"ended_at": 610_000}, None),
    ],
)
def test_it_is_said_how_long_after_the_last_call_about_it_the_citizen_rang_again(with_facts, changed, seconds):
    ended = now() - timedelta(seconds=changed.get("ended_at", 600))
    first = {"state": "closed", "outcome": "resolved", "age": 700_000} | changed | {"ended_at": ended}
    for facts, number in ((first, b"1"), ({"state": "closed", "outcome": "resolved", "ended_at": now()}, b"2")):
        with_call = a_waiting_inquiry(channel="phone", **facts)
        with transaction() as session:
            session.add(Citizen(inquiry_id=with_call, phone_hash=number))
    again = a_waiting_inquiry(channel="phone")
    with transaction() as session:
        session.add(Citizen(inquiry_id=again, phone_hash=b"1"))
        session.flush()
        found = seconds_since_last(session, session.exec(select(Inquiry).where(Inquiry.id == again)).one())
    assert found == (None if seconds is None else pytest.approx(seconds, abs=30))
