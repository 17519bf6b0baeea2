"""Topics open and close while the hotline runs."""

from hotline.inquiries.models import Inquiry
from tests.builders import HJORRING, Api, a_key, a_ready_agent
from tests.cli.commands import failure, hotline
from tests.offers.doing import a_journalled_inquiry, look_at, offer_of
from tests.waiting import until
from workers.route import route

FAULT = ("--name", "Fejl i pas", "--name-en", "Passport fault", "--like", "passport")


def test_a_temporary_topic_is_taken_in_and_offered_at_once_and_what_waits_when_it_closes_is_still_served(web):
    agent, _ = a_ready_agent(topics=("passport",)), a_ready_agent(topics=("mitid",))
    api = Api(web, a_key())

    def status():
        said = {"channel": "web", "municipality": HJORRING, "topic": "passport-fault", "text": "Hej"}
        return api.post("/inquiries", json=said).status_code

    assert status() == 422
    done = hotline("topic", "open", "passport-fault", *FAULT)
    assert (done.exit_code, done.stdout) == (0, "passport-fault is open; 1 more agents have the skill\n")
    until(lambda: status() == 201, "the topic is taken in")
    first, second = (a_journalled_inquiry("passport-fault", "phone") for _ in range(2))
    assert route() == 1 and offer_of(first).agent_id == agent

    assert hotline("topic", "close", "passport-fault").exit_code == 0
    until(lambda: status() == 422, "the topic is closed")
    assert api.post(f"/inquiries/{first}/abandonment").status_code == 200
    assert route() == 1 and look_at(Inquiry, second).state == "offered"
    [line] = [one for one in hotline("topic", "list").stdout.splitlines() if one.startswith("passport-fault")]
    assert line.split() == ["passport-fault", "no", "1", "Fejl", "i", "pas"]
    assert hotline("topic", "open", "passport-fault").stdout == "passport-fault is open\n"


def test_what_cannot_be_is_said_in_one_line(with_facts):
    for arguments in (
        ("open", "no-such"),
        ("open", "no-such", "--name", "Nyt"),
        ("open", "No Such", "--name", "Nyt", "--name-en", "New"),
        ("open", "passport", "--like", "no-such"),
        ("close", "no-such"),
    ):
        assert "hotline topic" in failure("topic", *arguments, code=2)


def test_the_words_of_a_topic_are_listed_with_their_weights_ones_own_among_them(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('passport = [{text = "nødpas", weight = 1.5}]')
    listed = hotline("topic", "keywords", "passport", HOTLINE_KEYWORDS_FILE=str(own)).stdout.splitlines()
    assert listed[-1].split() == ["passport", "1.5", "nødpas", "own"]
    assert {line.split()[0] for line in listed[1:]} == {"passport"} and "own" not in listed[1]
    own.write_text("nonsense = 1")
    assert "own.toml: `nonsense`" in failure("topic", "keywords", code=2, HOTLINE_KEYWORDS_FILE=str(own))
    assert "`no-such`" in failure("topic", "keywords", "no-such", code=2)
