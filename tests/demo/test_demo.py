"""The whole hotline from outside, as a newcomer meets it: real processes, real HTTP, real kills."""

import signal
import stat
import tomllib

import httpx
import psycopg
import pytest

from hotline.resources import CONFIG
from tests.demo.driver import Citizens, at_work, figures
from tests.demo.running import command, demo, is_alive
from tests.privacy.leak_run import run_and_search
from tests.waiting import until

TOPICS = {topic["slug"] for topic in tomllib.loads((CONFIG / "topics.toml").read_text())["topic"]}
CODES = {line.split(",")[0] for line in (CONFIG / "seeds" / "municipalities.csv").read_text().splitlines()[1:]}


@pytest.fixture(scope="module")
def running(tmp_path_factory, data_dir):
    folder, models = tmp_path_factory.mktemp("demo"), data_dir / "models"
    with demo(folder, "--web", "1", "--workers", "1", models=models) as one:
        yield one


def test_demo_json_is_for_its_owner_alone_and_holds_what_was_promised(running):
    assert stat.S_IMODE((running.folder / "demo.json").stat().st_mode) == 0o600
    facts = running.facts
    assert facts.keys() == {"url", "integrator_key", "database_url", "owner_url", "redis_url", "users", "pids"}
    assert facts["url"].startswith("http://127.0.0.1:")
    assert all(user.keys() == {"username", "password", "role", "municipality", "topics"} for user in facts["users"])
    assert {name: type(value) for name, value in facts["pids"].items()} == {
        "web": list,
        "worker": list,
        "router": list,
        "postgres": int,
        "valkey": int,
    }


def test_every_process_that_demo_json_names_lives(running):
    for kind in ("web", "worker", "router", "postgres", "valkey"):
        assert running.pids(kind) and all(map(is_alive, running.pids(kind))), kind


def test_there_are_agents_enough_and_the_first_forty_cover_every_topic_in_danish(running):
    agents = running.users("agent")
    assert len(agents) >= 60
    assert {topic for agent in agents[:40] for topic in agent["topics"]} == TOPICS
    assert all(set(agent["topics"]) <= TOPICS and agent["topics"] for agent in agents)
    with psycopg.connect(running.facts["owner_url"]) as connection:
        speak = connection.execute("SELECT count(*) FROM agent WHERE 'da' = ANY(languages)").fetchone()[0]
    assert speak == len(agents)


def test_the_people_are_of_thirty_six_real_municipalities_with_a_viewer_each(running):
    homes = {agent["municipality"] for agent in running.users("agent")}
    assert len(homes) == 36 and homes <= CODES
    assert {viewer["municipality"] for viewer in running.users("viewer")} == homes
    assert [user["municipality"] for user in running.users("secretariat")] == [None]
    assert all(user["topics"] == [] for user in running.facts["users"] if user["role"] != "agent")


def test_the_screen_says_where_it_is_and_how_to_sign_in(running):
    agent = running.users("agent")[0]
    assert running.facts["url"] in running.said
    assert agent["username"] in running.said and agent["password"] in running.said


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/healthz", "ok"),
        ("/readyz", '"ready":true'),
        ("/metrics", "hotline_inquiries"),
        ("/openapi.json", "/api/v1/inquiries"),
        ("/docs", "<html"),
    ],
)
def test_it_answers_those_who_ask_how_it_is_and_what_it_can_do(running, path, says):
    answer = httpx.get(running.facts["url"] + path, timeout=60)
    assert answer.status_code == 200 and says in answer.text


def test_a_webhook_may_lead_to_this_machine_and_to_no_other_of_a_network(running):
    asked = {"headers": {"Authorization": f"Bearer {running.facts['integrator_key']}"}, "timeout": 60}
    url = running.facts["url"] + "/api/v1/webhooks"
    for address, status in (("http://127.0.0.1:9/", 201), ("http://10.0.0.1/", 422)):
        assert httpx.post(url, json={"url": address, "events": ["closed"]}, **asked).status_code == status


def test_the_check_finds_everything_in_order(running):
    asked = command("check", env=settings_of(running))
    assert asked.returncode == 0, asked.stdout + asked.stderr
    said = dict(line.split(": ", 1) for line in asked.stdout.splitlines())
    del said["cookies"]  # of the one who asks: the demo's own processes know that they stand on a laptop
    assert said.pop("reader").startswith("linear ")  # and its figures
    assert {*said.values()} == {"ok"}


def test_an_inquiry_goes_from_the_citizen_to_its_municipalitys_figure(running):
    agent = running.users("agent")[0]
    home = running.users("agent")[1]["municipality"]
    before = figures(running.facts, [home])[home].get("closed", 0)
    citizens = Citizens(running.facts)
    with at_work(running.facts["url"], [agent]) as [one]:
        inquiry = citizens.ask(home, agent["topics"][0], "phone", "Goddag, jeg vil gerne tale med jer om min sag")
        fate = citizens.fates(120)[inquiry]
    events = [line["event"] for line in fate["timeline"]]
    assert events == ["received", "classified", "offered", "accepted", "wrapping", "closed"]
    assert (fate["language"], fate["answered_by_municipality"]) == ("da", agent["municipality"])
    assert one.taken == {inquiry: 1}
    until(lambda: figures(running.facts, [home])[home].get("closed") == before + 1, "the figure")


@pytest.mark.thorough
def test_what_came_in_while_worker_or_router_was_killed_is_served(running):
    agent, citizens = running.users("agent")[0], Citizens(running.facts)
    with at_work(running.facts["url"], [agent]):
        for kind in ("worker", "router"):
            for _ in range(3):
                citizens.ask(agent["municipality"], agent["topics"][0])
            running.kill(kind)
            citizens.ask(agent["municipality"], agent["topics"][0])
        fates = citizens.fates(120)
    assert [fate["state"] for fate in fates.values()] == ["closed"] * 8
    assert all([line["event"] for line in fate["timeline"]].count("closed") == 1 for fate in fates.values())


def test_a_second_start_on_the_same_folder_is_one_clear_line(running):
    second = command("demo", "--data", str(running.folder), "--port", "0", env=running.env)
    assert second.returncode == 1
    [line] = second.stderr.splitlines()
    assert "in use" in line and str(running.process.pid) in line
    assert second.stdout == ""
    assert all(map(is_alive, running.pids("web")))


def test_a_port_that_is_in_use_is_one_clear_line(running, tmp_path):
    port = running.facts["url"].rpartition(":")[2]
    second = command("demo", "--data", str(tmp_path / "other"), "--port", port, env=running.env)
    assert second.returncode == 1
    [line] = second.stderr.splitlines()
    assert port in line and "in use" in line


def settings_of(running):
    """The environment in which a command works on this demo."""
    return running.env | {
        "HOTLINE_DATABASE_URL": running.facts["database_url"],
        "HOTLINE_REDIS_URL": running.facts["redis_url"],
        "HOTLINE_DATA_DIR": str(running.folder),
    }


@pytest.mark.thorough
def test_nothing_of_a_citizen_is_left_in_the_clear_anywhere(running):
    """A longer day of it, with more citizens and processes, is tests/faults/test_leaks.py."""
    assert run_and_search(running, inquiries=100, seconds=3) == []


def test_ctrl_c_stops_everything_and_leaves_nothing_outside_its_folder(running):
    assert running.end(signal.SIGINT) == 0
    assert running.alive == []
    assert [path for path in running.private if path.exists()] == []
    assert list(running.temporary.iterdir()) == []
    assert not (running.folder / "demo.json").exists()
    assert "Traceback" not in running.said
