"""How many are before an inquiry: each one counted near the front, by minutes further back."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from hotline.inquiries import place as places
from hotline.inquiries.models import Inquiry
from tests.builders import a_ready_agent, a_waiting_inquiry
from tests.building import transaction


@pytest.mark.parametrize(
    ("minute", "before"),
    [(9.0, 0), (10.0, 0), (10.5, 2), (11.0, 4), (11.9, 4), (12.0, 4), (12.25, 6), (13.0, 12), (99.0, 12)],
)
def test_of_those_due_in_its_own_minute_a_part_comes_before_it(minute, before):
    assert places._before({10: 4, 12: 8}, minute) == before


def test_whoever_is_far_behind_is_told_a_place_by_minutes_and_who_is_near_by_counting(with_facts, moment, monkeypatch):
    monkeypatch.setattr(places, "NEAR", 2)
    monkeypatch.setattr(places, "FEW", 0)
    places._due.cache_clear()
    places._there.cache_clear()
    a_ready_agent()
    whole = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    queue = [a_waiting_inquiry(deadline=whole + timedelta(minutes=number)) for number in range(6)]
    a_waiting_inquiry(topic="mitid", deadline=whole)
    with transaction() as session:
        told = [places.place(session, session.get_one(Inquiry, one), moment) for one in queue]
    assert told == [(number, number * 375) for number in range(1, 7)]


def test_those_ahead_are_found_by_the_index_of_what_waits(with_facts, moment):
    one = a_waiting_inquiry()
    with transaction() as session:
        circle = session.get_one(Inquiry, one).circle
        asked = {"circles": [circle], "topic": "passport", "deadline": moment, "near": places.NEAR}
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        plan = session.execute(sa.text(f"EXPLAIN {places.AHEAD.text}"), asked).scalars().all()
    [condition] = [line for line in plan if "Index Cond" in line]
    assert "inquiry_front_of_class" in " ".join(plan) and "deadline" in condition
