"""Words of the secretariat's own point to a topic within a minute, bounded, and only where nothing is read worse."""

import pytest
from sqlmodel import select

from hotline.board import drift as shown_drift
from hotline.classification import word_list
from hotline.classification.models import TopicWord
from hotline.classification.own_words import MOST_OF_A_TOPIC, STRENGTH, OwnWords
from hotline.classification.teaching import told, version
from hotline.classification.word_judging import judge_words, live_words, new_words, settle
from hotline.classification.word_list import MOST, add_word, listed
from hotline.kept import Kept
from tests.builders import a_person, signed_in
from tests.building import transaction
from tests.handling.test_leads import browser_of

SAYS = "Hej, hvordan fornyer jeg Zylkortet? Zylkortet virker ikke mere, mit zylkort er udløbet"
TOPICS = ("doctor", "passport")


def settled(reader):
    """A worker looks once; how many words it settled."""
    with transaction() as session:
        live, new = live_words(session), new_words(session)
    states = judge_words(reader.model, live, new) if new else {}
    with transaction() as session:
        return settle(session, states)


def test_a_word_is_found_inflected_counts_once_and_counts_less_in_what_is_denied():
    words = OwnWords.of_topics([("Zylkort", "passport", 1.0), ("rent kort", "doctor", 0.5), ("x", "none", 1.0)], TOPICS)
    [said, phrase, apart, denied, nothing] = words.of(
        [SAYS, "Mit RENT KORT er væk", "kort og rent", "nej det er ikke zylkortet, det er noget andet", ""]
    )
    assert said.tolist() == [0, STRENGTH] and phrase.tolist() == [0.5 * STRENGTH, 0]
    assert not apart.any() and not nothing.any()
    assert 0 < denied[1] < STRENGTH


def test_however_many_words_of_a_topic_a_text_says_together_they_are_bounded():
    many = [f"zyl{chr(97 + number)}kort" for number in range(20)]
    words = OwnWords.of_topics([(one, "passport", 1.5) for one in many], TOPICS)
    assert words.of([" ".join(many)])[0].tolist() == [0, MOST_OF_A_TOPIC * STRENGTH]


@pytest.fixture
def secretariat(web, monkeypatch):
    """Somebody who runs the pool, at a browser."""
    monkeypatch.setattr(shown_drift, "KEPT", Kept())
    return browser_of(web, signed_in(web, a_person("secretariat")))


def test_a_word_of_the_secretariats_is_read_by_until_it_is_taken_out_and_what_was_stays(secretariat, reader):
    assert reader.read([SAYS])[0].topic != "passport"
    with transaction() as session:
        before = version(session)
    added = secretariat.post("/classification/words", data={"word": " Zyl  kort ", "topic": "passport", "weight": "1"})
    assert added.status_code == 200 and "Zyl kort" in added.text and "Prøves nu" in added.text
    form = {"word": "Zylkort", "topic": "passport", "weight": "1"}
    assert secretariat.post("/classification/words", data=form).status_code == 200
    with transaction() as session:
        assert version(session) == before, "nobody has looked yet whether anything is read worse"
    assert settled(reader) == 2 and settled(reader) == 0
    with transaction() as session:
        assert version(session) != before
        with_words = told(session).reader(reader.model)
    assert with_words.read([SAYS])[0].topic == "passport"
    others = ["Der er rotter i kælderen", "Jeg vil skifte læge", "", "🙂"]
    assert with_words.read(others) == reader.read(others)
    html = secretariat.get("/classification").text
    assert html.count('hx-delete="/classification/words/') == 2 and "Prøves nu" not in html
    assert html.count("<bdi>bruger nr. ") == 2, "as every page says on whose behalf something was done"
    table = html[: html.index('hx-delete="/classification/words/')].rindex("<table")
    assert html[:table].endswith('class="scroll" tabindex="0" role="region" aria-label="Ord, der peger på et emne">')
    with transaction() as session:
        numbers = [one.id for one in listed(session)]
    for number in numbers:
        assert secretariat.delete(f"/classification/words/{number}").status_code == 200
        assert secretariat.delete(f"/classification/words/{number}").status_code == 404
    with transaction() as session:
        assert told(session).reader(reader.model).words is None and version(session) == before
        rows = session.exec(select(TopicWord)).all()
    assert [(one.word, one.topic, bool(one.removed_at)) for one in rows] == [
        ("Zyl kort", "passport", True),
        ("Zylkort", "passport", True),
    ]
    assert {one.who for one in rows} == {one.removed_by for one in rows} and rows[0].who


def test_a_word_by_which_other_texts_are_read_worse_is_not_used_and_the_page_says_so(secretariat, reader):
    for word, topic in (("jeg", "passport"), ("det", "doctor"), ("Zylkort", "passport")):
        form = {"word": word, "topic": topic, "weight": "1.5"}
        assert secretariat.post("/classification/words", data=form).status_code == 200, word
    assert settled(reader) == 3
    with transaction() as session:
        assert [one.word for one in listed(session) if one.state == "live"] == ["Zylkort"]
    html = secretariat.get("/classification").text
    assert html.count("Nej, andet bliver læst dårligere") == 2


def test_what_is_no_word_or_there_already_or_one_too_many_changes_nothing(secretariat, monkeypatch):
    form = {"word": "Zylkort", "topic": "passport", "weight": "1"}
    assert secretariat.post("/classification/words", data=form).status_code == 200
    bad = ({"word": "🙂"}, {"word": " "}, {"word": "ab"}, {"word": "x" * 61}, {"word": "en to tre fire fem seks"})
    for wrong in (*bad, {"topic": "none"}, {"weight": "9"}, {"weight": "nan"}, {"weight": "x"}):
        assert secretariat.post("/classification/words", data=form | wrong).status_code == 422, wrong
    for again in ("zylkort", "Zylkortet", "ZYLKORTENE"):
        assert secretariat.post("/classification/words", data=form | {"word": again}).status_code == 409, again
    monkeypatch.setattr(word_list, "MOST", 1)
    full = secretariat.post("/classification/words", data=form | {"word": "Zylpas"})
    assert full.status_code == 409
    with transaction() as session:
        assert [one.word for one in listed(session)] == ["Zylkort"]
    assert MOST > 1


def test_of_two_workers_that_judge_a_word_the_first_to_write_has_it(with_facts, reader):
    with transaction() as session:
        add_word(session, "passport", "Zylkort", 1.0)
    with transaction() as session:
        states = judge_words(reader.model, live_words(session), new_words(session))
    with transaction() as session:
        assert settle(session, states) == 1
    with transaction() as session:
        assert settle(session, states) == 0
