"""The texts that the reader learns from, and those it is judged by."""

import tomllib
from collections import Counter

import pytest

from hotline.classification.examples import (
    KEYWORD_WEIGHT,
    TOPICS,
    examples,
    fingerprint,
    keywords,
    own_keywords,
    training_files,
    unseen_files,
)
from hotline.classification.language import LANGUAGES
from hotline.privacy import cpr

SLUGS = {topic["slug"] for topic in tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]}


def test_every_topic_has_enough_examples():
    assert min(Counter(one.topic for one in examples(training_files())).values()) >= 90
    assert min(Counter(one.topic for one in examples(unseen_files())).values()) >= 15


def test_every_label_is_one_that_the_hotline_knows():
    for one in examples([*training_files(), *unseen_files()]):
        assert one.topic in SLUGS
        assert one.language in LANGUAGES
        assert isinstance(one.urgent, bool)
    assert {one.topic for one in keywords()} == SLUGS


def test_no_unseen_text_is_learned_from():
    learned = {one.text.casefold() for one in examples(training_files())}
    assert [one.text for one in examples(unseen_files()) if one.text.casefold() in learned] == []


def test_no_example_holds_a_cpr_number():
    assert [one.text for one in examples([*training_files(), *unseen_files()]) if cpr.find(one.text)] == []


def test_most_examples_are_danish_and_none_of_the_others_that_are_written_is_missing():
    languages = Counter(one.language for one in examples(training_files()))
    assert 0.65 < languages["da"] / languages.total() < 0.92
    assert min(languages[one] for one in ("en", "de", "sv", "no", "pl", "uk", "ar", "fa", "tr", "ro", "so")) >= 30


@pytest.mark.parametrize(
    "line",
    ["not json", "[]", '{"text": "hej"}', "3", '{"text":"","topic":"","language":"","urgent":0}'],
)
def test_a_line_that_is_no_example_is_named(tmp_path, line):
    file = tmp_path / "mine.jsonl"
    file.write_text('{"text": "hej", "topic": "other", "language": "da", "urgent": false}\n' + line + "\n")
    with pytest.raises(ValueError, match=r"mine\.jsonl:2"):
        examples([file])


def test_other_contents_have_another_fingerprint(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text("one")
    before = fingerprint([file])
    file.write_text("two")
    assert fingerprint([file]) != before


def test_a_keyword_weighs_what_its_list_says(tmp_path):
    file = tmp_path / "topics.toml"
    file.write_text('[[topic]]\nslug = "election"\nkeywords = ["valgkort", {text = "brevstemme", weight = 2}]\n')
    assert [(one.text, one.weight) for one in keywords(file)] == [("valgkort", KEYWORD_WEIGHT), ("brevstemme", 2.0)]


def test_a_file_of_ones_own_adds_words_with_weights_and_says_what_in_it_is_none(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('passport = ["rejsepas", {text = "nødpas", weight = 1.5}]\n')
    assert [(one.topic, one.text, one.weight) for one in own_keywords(own)] == [
        ("passport", "rejsepas", KEYWORD_WEIGHT),
        ("passport", "nødpas", 1.5),
    ]
    for wrong in (
        'pasport = ["a"]',
        'passport = "a"',
        'passport = [" "]',
        "passport = [1]",
        'passport = [{text = "a"}]',
        'passport = [{text = "a", weight = -1}]',
        'passport = [{text = "a", weight = true}]',
        'passport = [{text = "a", weight = nan}]',
        "[[",
        f'passport = ["{"a" * 101}"]',
        f"passport = {[f'word {number}' for number in range(1001)]}",
    ):
        own.write_text(wrong)
        with pytest.raises(ValueError, match=r"own\.toml"):
            own_keywords(own)
