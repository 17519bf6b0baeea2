"""The invented citizens are many, different, and true to the topics."""

import tomllib
from collections import Counter
from itertools import islice
from random import Random

import pytest

from hotline.demo.citizens import Message, hour_shares, messages, texts, usual_handle_seconds
from hotline.privacy import cpr
from hotline.resources import CONFIG

TOPICS = {topic["slug"] for topic in tomllib.loads((CONFIG / "topics.toml").read_text("utf-8"))["topic"]}
PLACES = ["0751", "0860", "0741"]  # Aarhus, Hjørring, Samsø


def some(number: int, seed: int = 1, languages: set[str] | None = None) -> list[Message]:
    return list(islice(messages(Random(seed), PLACES, languages), number))


def test_every_topic_has_at_least_twenty_five_danish_texts():
    danish = Counter(text.topic for text in texts() if text.language == "da")
    assert set(danish) == TOPICS
    assert min(danish.values()) >= 25


def test_no_text_stands_twice():
    assert len({text.text for text in texts()}) == len(texts())


def test_each_file_holds_the_topic_of_its_name():
    for file in (CONFIG / "demo" / "texts").glob("*.jsonl"):
        assert file.read_text("utf-8").count(f'"topic": "{file.stem}"') == len(file.read_text("utf-8").splitlines())


@pytest.mark.parametrize("language", ["en", "de", "pl", "uk", "ar", "tr", "ro", "sv"])
def test_citizens_write_in_other_languages_about_several_topics(language):
    assert len({text.topic for text in texts() if text.language == language}) >= 5


def test_some_inquiries_of_several_topics_are_urgent_and_most_are_not():
    urgent = [text for text in texts() if text.urgent]
    assert len({text.topic for text in urgent}) >= 8
    assert len(urgent) < len(texts()) / 10


def test_the_same_chance_gives_the_same_citizens():
    assert some(200, seed=7) == some(200, seed=7)
    assert some(200, seed=7) != some(200, seed=8)


def test_hardly_two_of_a_days_inquiries_are_alike():
    day = some(1400, languages={"da"})
    assert {message.language for message in day} == {"da"}
    assert len({message.text for message in day}) > 0.98 * len(day)
    assert len({message.citizen.phone for message in day}) == len(day)


def test_most_citizens_ring_and_most_speak_danish():
    many = some(4000)
    channels = Counter(message.channel for message in many)
    languages = Counter(message.language for message in many)
    assert channels.most_common(1)[0][0] == "phone"
    assert set(channels) == {"phone", "web", "email", "chat", "sms"}
    assert 0.83 < languages["da"] / len(many) < 0.89
    assert 0.07 < languages["en"] / len(many) < 0.11


def test_a_large_municipality_asks_more_than_a_small_one():
    homes = Counter(message.municipality for message in some(3000))
    assert homes["0751"] > 3 * homes["0860"] > 9 * homes["0741"] > 0


def test_only_those_on_the_line_lose_patience():
    for message in some(1000):
        assert (message.patience_seconds is not None) is (message.channel in {"phone", "chat"})
        assert message.handle_seconds >= 15


def test_cpr_numbers_slip_into_some_texts_and_can_be_found_there():
    telling = [message for message in some(2000) if message.citizen.cpr and message.citizen.cpr in message.text]
    assert len(telling) > 40
    for message in telling:
        assert message.citizen.cpr.replace("-", "") in {found.number for found in cpr.find(message.text)}


def test_what_only_the_citizen_knows_is_never_sent():
    [message] = some(1)
    assert set(message.body("a-1")) == {"channel", "municipality", "text", "citizen", "external_id"}


def test_a_mail_in_a_formal_hand_still_says_its_matter():
    mails = [message for message in some(600, languages={"pl"}) if message.channel == "email"]
    known = {text.text for text in texts() if text.language == "pl"}
    whole = [message for message in mails if any(text in message.text for text in known)]
    assert len(whole) > len(mails) / 3


def test_a_day_has_its_busiest_hour_before_noon():
    shares = hour_shares()
    assert sum(shares.values()) == pytest.approx(1)
    assert 9 <= max(shares, key=lambda hour: shares[hour]) <= 11


def test_mitid_takes_longer_than_an_appointment():
    assert usual_handle_seconds("mitid") > usual_handle_seconds(None) > usual_handle_seconds("appointment")
