"""The sample region is one that somebody could run: everything is staffed, everywhere, in every language promised."""

from collections import Counter
from random import Random

import pytest

from hotline.directory import shipped
from hotline.sample import region
from hotline.sample.people import invent, username_of

REGION = region.region()
TOPICS = {topic.slug for topic in shipped.topics()}
CHANCES = range(20)


def agents_by(chance: int):
    return [one for one in invent(REGION, Random(chance)) if one.role == "agent"]


def test_all_municipalities_of_the_country_have_their_code_name_and_region():
    municipalities = shipped.municipalities()
    assert len({one.code for one in municipalities}) == len(municipalities) == 98
    assert Counter(one.region for one in municipalities) == {
        "Hovedstaden": 29, "Syddanmark": 22, "Midtjylland": 19, "Sjælland": 17, "Nordjylland": 11
    }  # fmt: skip


def test_the_region_has_thirty_six_real_municipalities():
    assert len(REGION.sizes) == 36
    assert REGION.sizes.keys() <= {one.code for one in shipped.municipalities()}


def test_duties_name_only_topics_that_there_are_and_leave_none_out():
    assert frozenset().union(*REGION.duties) == TOPICS


@pytest.mark.parametrize("chance", CHANCES)
def test_the_first_forty_agents_do_every_topic_in_danish_each_at_least_eight_of_them(chance):
    first = agents_by(chance)[:40]
    able = Counter(topic for one in first if "da" in one.languages for topic in one.skills)
    assert able.keys() == TOPICS
    assert min(able.values()) >= 8


@pytest.mark.parametrize("chance", CHANCES)
def test_every_promised_language_is_spoken_about_every_topic(chance):
    agents = agents_by(chance)
    for language in REGION.covered_languages:
        assert {topic for one in agents if language in one.languages for topic in one.skills} == TOPICS


@pytest.mark.parametrize("chance", CHANCES)
def test_an_agent_has_four_to_nine_topics_and_everyone_the_two_that_anyone_may_ask(chance):
    for one in agents_by(chance):
        assert 4 <= len(one.skills) <= 9
        assert {"other", "appointment"} <= one.skills.keys()
        assert set(one.skills.values()) <= {1, 2, 3}


def test_every_municipality_sends_an_agent_and_larger_ones_send_more():
    homes = Counter(one.municipality for one in agents_by(1))
    assert homes.keys() == REGION.sizes.keys()
    assert homes.total() >= 72
    by_size = sorted(REGION.sizes, key=lambda code: REGION.sizes[code])
    assert [homes[code] for code in by_size] == sorted(homes.values())
    assert homes["0751"] > homes["0860"] > homes["0825"] == 1


@pytest.mark.parametrize("chance", CHANCES)
def test_everyone_has_a_user_name_of_their_own_in_plain_letters(chance):
    people = invent(REGION, Random(chance))
    assert len({one.username for one in people}) == len(people)
    assert all(one.username.replace(".", "").isascii() and one.username.islower() for one in people)


def test_the_same_chance_gives_the_same_people_and_another_chance_others():
    assert invent(REGION, Random(7)) == invent(REGION, Random(7))
    assert invent(REGION, Random(7)) != invent(REGION, Random(8))


def test_besides_agents_there_is_a_viewer_for_each_municipality_and_those_who_run_the_pool():
    people = [one for one in invent(REGION, Random(1)) if one.role != "agent"]
    assert {one.municipality for one in people if one.role == "viewer"} == REGION.sizes.keys()
    roles = Counter(one.role for one in people)
    assert roles == {"viewer": 36, "team_lead": 3, "secretariat": 1, "administrator": 1}
    assert all(one.municipality is None for one in people if one.role in ("secretariat", "administrator"))
    assert not any(one.skills for one in people)


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Mette Holm", "mette.holm"),
        ("Åse Østergård", "aase.oestergaard"),
        ("Paweł Wójcik", "pawel.wojcik"),
        ("Zeynep Yıldız", "zeynep.yildiz"),
        ("Emre Çelik", "emre.celik"),
    ],
)
def test_a_user_name_is_spelt_as_in_a_mail_address(name, username):
    assert username_of(name) == username
