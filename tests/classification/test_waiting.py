"""What is received gets its topic, language and urgency, once, whoever works on it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline.classification.waiting import AT_ONCE, classify_waiting
from hotline.clock import now
from hotline.directory.models import Topic
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import Event, State
from hotline.integrations.ari.models import AriCall
from hotline.live import connection
from tests.builders import a_waiting_inquiry
from tests.building import accounts, transaction
from tests.offers.doing import events_of, look_at

PASSPORT = "Mit pas udløber, og jeg skal bestille tid til et nyt pas"
UNSURE = "mit kort er der ikke"
URGENT = "Det haster meget, mit pas er udløbet, og jeg flyver i morgen tidlig"


def received(text=PASSPORT, **facts):
    """An inquiry as intake leaves it; its id."""
    unknown = {"state": State.RECEIVED, "topic": None, "language": None, "speaks": None, "deadline": None, "text": text}
    return a_waiting_inquiry(**(unknown | facts))


def classified(reader, text=PASSPORT, **facts):
    inquiry_id = received(text, **facts)
    assert classify_waiting(reader) == 1
    return look_at(Inquiry, inquiry_id)


def test_an_inquiry_begins_to_wait_with_what_its_text_says(with_facts, reader):
    inquiry = classified(reader, age=30)
    assert (inquiry.state, inquiry.topic, inquiry.language, inquiry.speaks) == ("waiting", "passport", "da", "da")
    assert inquiry.topic_confidence > 0.5 and inquiry.topic not in [one["topic"] for one in inquiry.alternatives]
    assert inquiry.deadline == inquiry.queued_at + timedelta(seconds=600)
    assert events_of(inquiry.id) == [Event.CLASSIFIED]
    assert connection().llen("hotline:wake") == 1
    assert classify_waiting(reader) == 0


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"topic": "doctor"}, {"topic": "doctor", "topic_confidence": None, "language": "da"}),
        ({"language": "de"}, {"topic": "passport", "language": "de", "speaks": "de"}),
        ({"text": URGENT}, {"priority": 1, "urgent": True, "urgent_because": "travel"}),
        ({"text": URGENT, "priority": 3, "priority_given": True}, {"priority": 3, "urgent": True}),
        ({"text": ""}, {"topic": "other", "language": "da", "urgent": False}),
        (
            {"text": "", "topic_hint": {"topic": "doctor", "confidence": 0.6}},
            {"topic": "doctor", "topic_confidence": 0.6},
        ),
        ({"topic_hint": {"topic": "doctor", "confidence": 0.6}}, {"topic": "passport"}),
        ({"text": UNSURE}, {"topic": "other"}),
        ({"text": UNSURE, "topic_hint": {"topic": "driving-licence", "confidence": 0.9}}, {"topic": "driving-licence"}),
        ({"text": UNSURE, "topic_hint": {"topic": "doctor", "confidence": 0.9}}, {"topic": "other"}),
        ({"text": UNSURE, "topic_hint": {"topic": "mitid", "confidence": 0.9}}, {"topic": "other"}),
        ({"text": "", "topic_hint": {"topic": "childcare", "confidence": 0.9}}, {"topic": "other"}),
        ({"text": "", "channel": "phone"}, {"priority": 2, "state": "waiting"}),
    ],
)
def test_what_the_integrator_said_stands_and_the_rest_is_read(with_facts, reader, facts, expected):
    with accounts() as session:
        session.get_one(Topic, "childcare").open = False
    inquiry = classified(reader, **facts)
    assert {name: getattr(inquiry, name) for name in expected} == expected


def test_a_guess_of_a_topic_that_has_closed_goes_to_other(with_facts, reader):
    with accounts() as session:
        session.get_one(Topic, "passport").open = False
    assert classified(reader).topic == "other"


def test_several_workers_at_once_classify_each_inquiry_once(with_facts, reader):
    ids = {received() for _ in range(AT_ONCE + 20)}

    def work(_):
        done = 0
        while taken := classify_waiting(reader):
            done += taken
        return done

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == len(ids)
    with transaction() as session:
        lines = session.exec(select(JournalLine.inquiry_id)).all()
        states = set(session.exec(select(Inquiry.state)).all())
    assert sorted(lines) == sorted(ids) and states == {State.WAITING}


def test_a_worker_that_dies_leaves_its_batch_as_it_was(with_facts, reader):
    inquiry_id = received()

    class Dying:
        def read(self, texts):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classify_waiting(Dying())
    with transaction() as session:
        assert session.execute(text("SELECT state FROM inquiry")).scalars().all() == ["received"]
    assert classify_waiting(reader) == 1 and look_at(Inquiry, inquiry_id).state == State.WAITING


def test_what_somebody_is_just_writing_a_line_about_is_classified_all_the_same(with_facts, reader):
    inquiry_id = received()
    with transaction() as session:
        session.add(AriCall(app="hotline", channel="1", came_at=now(), inquiry_id=inquiry_id))
        session.flush()
        assert classify_waiting(reader) == 1
