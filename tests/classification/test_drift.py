"""How sure the reader is, what is corrected, and what is new: for those who run the pool, who make a topic of it."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from hotline.board import drift as shown_drift
from hotline.board.drift import drift
from hotline.board.kinds import FEWEST, kinds
from hotline.classification.days import count_days
from hotline.classification.examples import examples, training_files
from hotline.classification.models import Lesson
from hotline.classification.teaching import told
from hotline.classification.waiting import classify_waiting
from hotline.clock import now
from hotline.inquiries.states import State
from hotline.kept import Kept
from tests.builders import a_person, a_waiting_inquiry, an_agent, signed_in
from tests.building import transaction
from tests.classification.test_waiting import PASSPORT, received
from tests.handling.test_leads import browser_of

POWER = (
    "Strømmen er gået i hele Hobrovej, hvornår kommer strømmen igen",
    "vi har ingen strøm i huset siden i nat, strømafbrydelse på Nørregade",
    "hvor længe varer strømafbrydelsen, der er mørkt overalt, ingen strøm",
    "Ingen strøm i hele byen, hvornår kommer strømmen tilbage, siger Zylqvist",
    "Borger ringer vedr. strømafbrydelse, ingen strøm i opgangen",
)


@pytest.fixture
def new_kind(with_facts, monkeypatch):
    """Five citizens without power, and others whose matter is nobody's."""
    monkeypatch.setattr(shown_drift, "KEPT", Kept())
    agent, _ = an_agent(topics=("other",))
    for text in (*POWER, "hej", "Hvornår kommer skraldebilen", "Må man plukke brombær i skoven"):
        a_waiting_inquiry(topic="other", text=text, topic_confidence=0.2, state=State.WAITING)
    return agent


def test_a_page_shows_how_sure_the_reader_is_and_what_is_corrected_and_a_new_kind_becomes_a_topic(
    web, new_kind, reader
):
    received(PASSPORT), received("hvem er hendes nu"), received("", topic="doctor")
    assert classify_waiting(reader) == 3
    with transaction() as session:
        inquiry = a_waiting_inquiry(text="mangler en kode")
        session.add(Lesson(inquiry_id=inquiry, was="mitid", topic="passport", person_id=new_kind, at=now()))
    with transaction() as session:
        assert count_days(session, now() + timedelta(days=1)) == 7
        assert count_days(session, now() + timedelta(days=1)) == 7, "what is counted is not counted again"
        shown = drift(session, now() + timedelta(days=1))
    assert (sum(week.read for week in shown.weeks), sum(week.sure for week in shown.weeks)) == (2, 1)
    assert [(one.was, one.topic, one.count) for one in shown.corrected] == [("mitid", "passport", 1)]

    secretariat = browser_of(web, signed_in(web, a_person("secretariat")))
    html = secretariat.get("/classification").text
    assert re.search("<strong>strøm[^<]*</strong> · 5 henvendelser", html) and "Zylqvist" not in html
    like_them = re.findall('name="examples" value="([^"]+)"', html)[:5]
    form = {"name": "Strømsvigt", "name_en": "Power cut", "like": "other", "examples": like_them}
    made = secretariat.post("/classification/topics", data=form)
    assert made.status_code == 200 and "Strømsvigt" in made.text
    with transaction() as session:
        taught = told(session).reader(reader.model)
    assert taught.read(["er strømmen gået hos jer, vi har ingen strøm"])[0].topic == "power-cut"
    for wrong in ({"name_en": "Passport"}, {"examples": [str(UUID(int=7))]}, {"name_en": "  "}, {"like": "none"}):
        assert secretariat.post("/classification/topics", data=form | wrong).status_code in (409, 422), wrong


def test_what_few_citizens_say_is_no_kind_and_what_one_says_is_shown_to_nobody():
    others = [one.text for one in examples(training_files()) if one.topic == "other" and one.language == "da"][:40]
    texts = [(UUID(int=number), text) for number, text in enumerate([*others, *POWER])]
    [first, *_] = kinds(texts)
    assert first.count <= len(POWER) + 1 and first.words[0].startswith("strøm")
    assert {one.id.int for one in first.examples} >= set(range(len(others), len(texts)))
    for few in ([], texts[: FEWEST - 1], [(UUID(int=1), "🙂"), *[(UUID(int=2), "")] * 9], [(UUID(int=3), "x y")] * 9):
        assert kinds(few) == []
