"""How the demo's traffic chooses its agents, and finds its hotline."""

import json
from collections import Counter

import pytest

from hotline.demo.citizens import topic_work
from hotline.demo.facts import NoDemo, read_demo
from hotline.demo.traffic import chosen
from hotline.sample.sign_ins import SignIn

TOPICS = sorted(topic_work())


def an_agent(number: int, *topics: str) -> SignIn:
    return SignIn(f"agent{number}", "secret", "agent", "0751", topics)


def a_demo_file(folder, **changes):
    demo = {
        "url": "http://127.0.0.1:8000/",
        "integrator_key": "key",
        "users": [
            {"username": "a", "password": "p", "role": "agent", "municipality": "0860", "topics": ["mitid"]},
            {"username": "s", "password": "p", "role": "secretariat", "municipality": None, "topics": []},
        ],
    }
    file = folder / "demo.json"
    file.write_text(json.dumps(demo | changes))
    return file


def test_the_chosen_agents_cover_every_topic_though_one_is_rare():
    everybody = [an_agent(n, "mitid", "digital-post", "passport") for n in range(50)]
    everybody += [an_agent(50 + n, topic) for n, topic in enumerate(TOPICS)]
    picked = chosen(everybody, 14)
    assert {topic for user in picked for topic in user.topics} == set(TOPICS)
    assert len(picked) == len(set(picked)) == 14


def test_much_asked_topics_get_more_agents():
    everybody = [an_agent(n, TOPICS[n % len(TOPICS)]) for n in range(13 * 10)]
    known = Counter(topic for user in chosen(everybody, 40) for topic in user.topics)
    assert known["mitid"] > known["appointment"] >= 1


def test_no_more_agents_are_chosen_than_there_are():
    assert chosen([an_agent(1, "mitid")], 5) == [an_agent(1, "mitid")]


def test_a_demo_file_tells_who_answers_and_for_whom(tmp_path):
    demo = read_demo(a_demo_file(tmp_path))
    assert demo.url == "http://127.0.0.1:8000"
    assert [user.username for user in demo.agents()] == ["a"]
    assert demo.municipalities() == ["0860"]


@pytest.mark.parametrize(
    "url", ["https://hotline.example.dk", "http://192.168.1.4:8000", "http://127.0.0.1.example.dk"]
)
def test_invented_traffic_goes_to_no_other_machine(tmp_path, url):
    with pytest.raises(NoDemo, match="not on this machine"):
        read_demo(a_demo_file(tmp_path, url=url))


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"url": 4, "integrator_key": "k", "users": []}'])
def test_a_broken_demo_file_is_said_in_one_line(tmp_path, broken):
    file = tmp_path / "demo.json"
    file.write_text(broken)
    with pytest.raises(NoDemo) as said:
        read_demo(file)
    assert len(str(said.value).splitlines()) == 1
