"""What agents correct is learned from by night, bounded, and only where nothing is read worse with it."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from hotline.classification import artefact, weights
from hotline.classification.evaluate import evaluate, figures
from hotline.classification.examples import examples, training_files, unseen_files
from hotline.classification.lessons import Kept
from hotline.classification.models import Lesson, TaughtState, TopicExample
from hotline.classification.nearest import FEWEST
from hotline.classification.night import is_night, judge, learn_from, new_lessons, supplement, write_down
from hotline.classification.reading import Reader
from hotline.classification.standing import standing
from hotline.classification.teaching import told, version
from hotline.classification.weights import Said
from hotline.directory.models import Topic
from hotline.handling.actions import correct
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.privacy.retention import erase_texts
from tests.builders import a_waiting_inquiry, an_agent
from tests.building import accounts, transaction
from tests.cli.commands import failure, hotline
from tests.offers.doing import by

TONIGHT = datetime(2026, 12, 3, 2, 30, tzinfo=UTC)
DAY = date(2026, 12, 2)
# What the reader takes for another matter, said by three citizens to three agents.
NEW_WORD = "Hvor ligger min kommunenøgle {}, jeg kan ikke finde kommunenøglen mere"
UNSEEN = "Kommunenøglen er væk, hvor ligger min kommunenøgle"


def corrected(text, topic, agent, was="other"):
    """An inquiry that was guessed, corrected by this agent, and ended; its id."""
    held = {"state": State.HANDLING, "agent_id": agent, "topic_confidence": 0.3, "answered_at": TONIGHT}
    inquiry_id = a_waiting_inquiry(topic=was, text=text, **held)

    def say(session, who, at):
        correct(session, session.get_one(Inquiry, inquiry_id), who, {"topic": topic}, None, at)

    by(agent, say, at=TONIGHT - timedelta(hours=9))
    with transaction() as session:
        inquiry = session.get_one(Inquiry, inquiry_id)
        inquiry.state, inquiry.ended_at = State.CLOSED, TONIGHT
    return inquiry_id


def learned(reader, at=TONIGHT):
    """What became of the lessons of a night; None where there was nothing new."""
    with transaction() as session:
        lessons = new_lessons(session, reader.model, at)
        if lessons is None:
            return None
        made = learn_from(reader.model, lessons)
        assert write_down(session, made, at) and not write_down(session, made, at), "the first worker has it"
        return made.state


def as_taught(reader):
    with transaction() as session:
        return told(session).reader(reader.model)


def test_what_several_agents_correct_is_read_rightly_the_next_day_until_it_is_taken_back_or_erased(
    with_facts, reader, data_dir
):
    assert reader.read([UNSEEN])[0].topic != "mitid"
    agents = [an_agent()[0] for _ in range(3)]
    ids = [corrected(NEW_WORD.format(day), "mitid", agents[day % 3]) for day in range(9)]
    back = corrected(NEW_WORD.format("igen"), "passport", agents[0])
    with transaction() as session:
        assert {one.topic for one in session.exec(select(Lesson))} == {"mitid", "passport"}
        assert is_night(session, TONIGHT) and not is_night(session, TONIGHT + timedelta(hours=9))
        before = version(session)
    assert learned(reader) == TaughtState.LIVE
    with transaction() as session:
        assert not is_night(session, TONIGHT) and version(session) != before
        said = standing(session, data_dir / "models")
    assert re.match(
        rf"linear {artefact.key()[:12]}, macro-F1 0\.\d+ of writers left out, routed 0\.\d+ at 0\.\d+; ", said
    )
    assert said.endswith(" with them") and "10 corrections since 2026-12-03 03:30, " in said
    assert learned(reader, TONIGHT + timedelta(days=1)) is None, "nothing is new"
    taught = as_taught(reader)
    assert taught.read([UNSEEN])[0].topic == "mitid"
    some = ["Jeg vil gerne skifte læge", "", "Mit pas udløber i juni"]
    assert [one.topic for one in taught.read(some)] == [one.topic for one in reader.read(some)]

    with transaction() as session:
        erase_texts(session, [*ids[:8], back], TONIGHT)
    assert as_taught(reader).taught.coefficients.shape[0] == 1
    assert hotline("train", "--take-back").stdout.startswith("taken back: what night ")
    assert "nothing that a night taught" in failure("train", "--take-back")
    assert as_taught(reader).taught is None
    assert learned(reader, TONIGHT + timedelta(days=2)) is None, "what was taken back is not learned again"


def wrong(reader, count, people, topic=None):
    """So many texts that the reader knows well, each with another topic than it has."""
    known = [one for one in examples(training_files()) if one.language == "da" and one.topic != topic][:count]
    order = reader.model.topics
    return [
        Kept(uuid4(), one.text, topic or order[(order.index(one.topic) + 1) % len(order)], row % people, DAY)
        for row, one in enumerate(known)
    ]


@pytest.mark.parametrize(("people", "topic"), [(1, None), (5, "passport")])
def test_a_bad_day_of_corrections_is_not_taken_and_could_do_little(reader, people, topic):
    """300 wrong ones by one agent and by several, at random and all the same: even unjudged they move hardly a text."""
    bad = wrong(reader, 300, people, topic)
    believed = weights.weights([one.said for one in bad])
    assert judge(reader.model, bad, believed)[0] != TaughtState.LIVE
    texts = examples(unseen_files())[::4]
    taught = supplement(reader.model, [one.text for one in bad], [one.topic for one in bad], believed)
    before, after = (figures(evaluate(one, texts)[0]) for one in (reader, Reader(reader.model, taught)))
    assert after.topic_macro_f1 >= before.topic_macro_f1 - 0.01
    assert after.routed_accuracy >= before.routed_accuracy - 0.01


def test_lessons_are_believed_together_no_more_than_so_much_by_whom_and_when_they_come_from():
    days = [DAY + timedelta(days=ahead) for ahead in range(60)]
    for said, most in (
        ([Said(1, DAY, "doctor")] * 3, 3),
        ([Said(1, DAY, f"topic {n}") for n in range(300)], weights.OF_A_PERSON_A_DAY),
        ([Said(1, day, f"topic {n}") for day in days for n in range(5)], weights.OF_A_PERSON),
        ([Said(person, DAY, "doctor") for person in range(300)], weights.OF_A_TOPIC_A_DAY),
        ([Said(person, DAY, f"topic {person}") for person in range(300)], weights.OF_A_DAY),
    ):
        found = weights.weights(said)
        assert sum(found) == pytest.approx(most) and all(0 < weight <= 1 for weight in found)


def test_a_temporary_topic_is_known_from_a_few_examples_while_it_is_open(with_facts, reader):
    said = (
        "Strømmen er gået i hele Hobrovej, hvornår kommer strømmen igen",
        "vi har ingen strøm i huset siden i nat, strømafbrydelse på Nørregade",
        "hvor længe varer strømafbrydelsen, der er mørkt overalt",
        "Ingen strøm i hele byen, hvornår kommer den tilbage",
    )
    unseen = "er der nogen der ved hvornår strømmen kommer tilbage, vi har ingen strøm"
    others = ["Jeg vil gerne skifte læge", "", "siden melder fejl når jeg trykker send", "mit pas er blevet stjålet"]
    ids = [a_waiting_inquiry(text=text) for text in said]
    with accounts() as session:
        session.add(Topic(slug="power-cut", name="Strømsvigt", name_en="Power cut"))

    def show(some):
        with transaction() as session:
            for one in some:
                session.add(TopicExample(topic="power-cut", inquiry_id=one, at=TONIGHT))

    show(ids[: FEWEST - 1])
    assert as_taught(reader).nearest is None, "of too few nothing can be told"
    show(ids[FEWEST - 1 :])
    taught = as_taught(reader)
    reading = taught.read([unseen])[0]
    assert (reading.topic, reading.routed) == ("power-cut", True)
    assert reading.alternatives[0][0] == reader.read([unseen])[0].topic
    assert taught.read(others) == reader.read(others)
    strangers = [one.topic for one in taught.read([one.text for one in examples(unseen_files())])]
    assert strangers.count("power-cut") <= 0.01 * len(strangers)
    with accounts() as session:
        session.get_one(Topic, "power-cut").open = False
    assert as_taught(reader).nearest is None
