"""When something came in, whatever clocks say: nothing takes less than no time, and old mail no years."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from hotline.classification.reading import Reading
from hotline.classification.waiting import classify
from hotline.clock import now
from hotline.directory.together import together
from hotline.handling import actions
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.reading import timeline
from hotline.inquiries.states import Event
from hotline.offers.abandon import abandon
from hotline.offers.actions import accept
from hotline.queue.enter import set_deadline
from hotline.statistics.counting import gain
from tests.builders import HJORRING, Api, a_key, a_pool
from tests.building import transaction
from tests.offers.doing import a_journalled_inquiry, an_offer, by

READ = Reading(topic="passport", confidence=0.9, alternatives=(), language="da", urgent_because=None, routed=True)


def data_of(inquiry_id, event):
    """What the journal keeps with this event of an inquiry."""
    of_it = (col(JournalLine.inquiry_id) == inquiry_id, col(JournalLine.event) == event)
    with transaction() as session:
        return session.exec(select(JournalLine).where(*of_it)).one().data


def handed_in(web, received_at):
    """The answer to an inquiry that says when it came in, and the moments before and after it was asked."""
    a_pool()
    api, before = Api(web, a_key()), now()
    said = {"channel": "email", "municipality": HJORRING, "text": "Pas", "received_at": received_at}
    answer = api.post("/inquiries", json=said)
    assert answer.status_code == 201
    return answer.json(), before, now()


@pytest.mark.parametrize("ahead", ["9999-12-31T23:59:59-14:00", "soon"])
def test_an_arrival_ahead_of_our_clock_counts_as_now(web, ahead):
    said = (now() + timedelta(seconds=30)).isoformat() if ahead == "soon" else ahead
    answer, before, after = handed_in(web, said)
    assert before <= datetime.fromisoformat(answer["received_at"]) <= after


@pytest.mark.parametrize("unset", ["0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "1980-01-06T00:00:00+01:00"])
def test_a_clock_that_was_never_set_counts_as_now(web, unset):
    answer, before, after = handed_in(web, unset)
    assert before <= datetime.fromisoformat(answer["received_at"]) <= after


def test_old_mail_keeps_its_day_and_counts_in_figures_as_if_it_had_been_a_day_on_its_way(web):
    answer, before, after = handed_in(web, "2019-02-03T10:00:00+01:00")
    assert answer["received_at"] == "2019-02-03T09:00:00Z"
    with transaction() as session:
        inquiry = session.get_one(Inquiry, answer["id"])
        classify(session, inquiry, READ, {"passport": True}, together(session, now()), now())
    arrival = datetime.fromisoformat(data_of(inquiry.id, Event.CLASSIFIED)["received_at"])
    assert before - timedelta(days=1, seconds=1) <= arrival <= after - timedelta(days=1)
    with transaction() as session:
        abandon(session, session.get_one(Inquiry, answer["id"]), now())
    assert 86_400 <= data_of(inquiry.id, Event.ABANDONED)["wait_seconds"] < 90_000


def test_a_clock_that_steps_back_makes_no_work_and_no_wait_of_less_than_nothing(with_facts):
    offer, agent, inquiry_id = an_offer()
    arrived = now()
    by(agent, accept, offer, at=arrived - timedelta(hours=3))
    with transaction() as session:
        held = held_inquiry(session, agent, inquiry_id)
        actions.wrap_up(session, held, by_agent(session, agent), arrived - timedelta(hours=4))
    with transaction() as session:
        held = held_inquiry(session, agent, inquiry_id)
        actions.close(session, held, by_agent(session, agent), Outcome.RESOLVED, None, arrived - timedelta(hours=5))
        told = timeline(session, inquiry_id, {})
    assert data_of(inquiry_id, Event.ACCEPTED)["wait_seconds"] == 0
    closed = data_of(inquiry_id, Event.CLOSED)
    assert (closed["talk_seconds"], closed["wrap_seconds"]) == (0, 0)
    moments = [line["at"] for line in told]
    assert moments == sorted(moments)


def test_who_hung_up_before_our_clock_stepped_back_waited_no_time(with_facts):
    inquiry_id = a_journalled_inquiry(channel="phone")
    with transaction() as session:
        abandon(session, session.get_one(Inquiry, inquiry_id), now() - timedelta(hours=1))
    assert data_of(inquiry_id, Event.ABANDONED)["wait_seconds"] == 0


def test_answers_and_those_who_hang_up_are_judged_by_what_the_router_aims_at(with_facts):
    aims = (("phone", 1, 20), ("phone", 2, 60), ("chat", 3, 180), ("email", 1, 60), ("web", 2, 600), ("sms", 3, 1800))
    for channel, priority, seconds in aims:
        inquiry_id = a_journalled_inquiry(channel=channel, priority=priority)
        with transaction() as session:
            inquiry = session.get_one(Inquiry, inquiry_id)
            set_deadline(inquiry)
            assert inquiry.deadline - inquiry.queued_at == timedelta(seconds=seconds)
            abandon(session, inquiry, now())
        assert data_of(inquiry_id, Event.ABANDONED)["target_seconds"] == seconds
    offer, agent, inquiry_id = an_offer(channel="email")
    by(agent, accept, offer)
    assert data_of(inquiry_id, Event.ACCEPTED)["target_seconds"] == 600


def test_what_an_older_release_wrote_down_as_less_than_nothing_takes_nothing_from_a_sum():
    data = {"first": True, "wait_seconds": -9.0, "target_seconds": 60, "talk_seconds": -5.0, "wrap_seconds": -2.0}
    data |= {"offer_id": 1, "outcome": "resolved", "first_contact": True}
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    for event in ("accepted", "closed", "transferred", "handed_over"):
        line = JournalLine(event=event, at=at, municipality="0751", channel="web", answering="0860", data=data)
        booked = gain(line)
        assert all(value >= 0 for one in booked.increments for value in one.counts.values()), event
        assert booked.exchanged is None or booked.exchanged.counts.get("talk_seconds", 0) == 0


def by_agent(session, agent_id):
    """The agent's row."""
    return session.get_one(actions.Agent, agent_id)
