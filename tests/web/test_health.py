"""How the hotline says whether it lives, whether it can work, and what there is to do."""

import re

import httpx
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from hotline.errors import NotReady
from hotline.inquiries.states import State
from hotline.kept import Kept
from hotline.resources import ROOT
from hotline.settings import settings
from hotline.web import health
from hotline.web.checks import failures
from tests.builders import PATIENCE, a_ready_agent, a_waiting_inquiry, an_agent
from tests.building import owner
from tests.conftest import forget


def get(address):
    return httpx.get(address, timeout=PATIENCE)


def documented():
    """The name of every metric that docs/operation.md explains."""
    [row] = re.findall(r"^\| `/metrics` \|.*$", (ROOT / "docs" / "operation.md").read_text(), re.M)
    return set(re.findall(r"`(hotline_\w+)`", row))


def numbers(url):
    """Every line of /metrics that counts something."""
    return {name: float(value) for name, value in re.findall(r"^(hotline\S+) (\S+)$", get(url + "/metrics").text, re.M)}


def test_a_process_that_lives_says_so(web):
    answer = get(web + "/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_a_process_that_can_work_says_so(web):
    answer = get(web + "/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


def test_a_probe_reads_no_file_of_a_migration_after_the_first(web, monkeypatch):
    assert get(web + "/readyz").status_code == 200
    read, really = [], ScriptDirectory.from_config
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda *asked: read.append(asked) or really(*asked))
    assert [get(web + "/readyz").status_code for _ in range(3)] == [200] * 3
    assert read == []


def test_a_database_behind_its_migrations_makes_the_process_unready_but_not_dead(web):
    with owner().begin() as session:
        session.execute(text("DELETE FROM alembic_version"))
    answer = get(web + "/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json().items() >= NotReady().problem().items()
    assert "hotline migrate" in answer.json()["missing"]["migrations"]
    assert get(web + "/healthz").status_code == 200


def test_nobody_is_told_where_the_database_is_that_does_not_answer(web, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://somebody@127.0.0.1:1/somewhere")
    forget()
    found = failures()
    assert [name for name, wrong in found.items() if wrong and "127.0.0.1" in wrong] == ["database"]
    assert found["tenancy"] == found["on duty"] == "not known without the database"
    answer = get(web + "/readyz")
    assert (answer.status_code, set(answer.json()["missing"])) == (503, {"database", "migrations", "tenancy"})
    for secret in ("127.0.0.1", "somebody", "somewhere", "refused"):
        assert secret not in answer.text


def test_without_redis_the_process_still_can_work(web, monkeypatch):
    monkeypatch.setenv("HOTLINE_REDIS_URL", "redis://127.0.0.1:1/0")
    forget()
    assert "refused" in failures()["redis"]
    assert get(web + "/readyz").status_code == 200


def test_the_metrics_count_inquiries_and_agents_by_what_they_do(web):
    a_waiting_inquiry(age=90)
    a_waiting_inquiry(age=30)
    a_waiting_inquiry(state=State.RECEIVED)
    a_waiting_inquiry(state=State.CLOSED)
    a_ready_agent()
    an_agent()
    found = numbers(web)
    assert found['hotline_inquiries{state="waiting"}'] == 2
    assert found['hotline_inquiries{state="received"}'] == 1
    assert 'hotline_inquiries{state="closed"}' not in found
    states = ("ready", "busy", "on_break", "away")
    assert [found[f'hotline_agents{{state="{state}"}}'] for state in states] == [1, 0, 0, 1]
    assert found["hotline_longest_wait_seconds"] == pytest.approx(90, abs=30)


def test_the_metrics_are_counted_once_for_all_who_ask_within_a_second(web, monkeypatch):
    seconds = [0.0]
    kept = Kept(lambda: seconds[0])
    monkeypatch.setattr(health, "numbers", lambda: kept)
    told = []
    for later in (0.0, 0.9, 0.2):
        a_waiting_inquiry()
        seconds[0] += later
        told.append(numbers(web)['hotline_inquiries{state="waiting"}'])
    assert told == [1, 1, 3]


def test_the_metrics_where_nothing_has_happened_are_no_error(web):
    nobody = {f'hotline_agents{{state="{state}"}}': 0 for state in ("ready", "busy", "on_break", "away")}
    found = numbers(web)
    assert found.items() >= (nobody | {"hotline_longest_wait_seconds": 0}).items()
    assert not any(found.values())


def test_the_metrics_tell_nothing_about_anybody_and_are_all_explained(web):
    username = an_agent()[1]
    said = get(web + "/metrics").text
    assert username not in said and "passport" not in said
    assert documented() == set(re.findall(r"^# HELP (\w+)", said, re.M))


@pytest.mark.parametrize("role", ["hotline", "postgres"])
def test_a_role_that_no_policy_binds_makes_the_process_unready(web, database, monkeypatch, role):
    assert failures()["tenancy"] is None
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database.replace("hotline@", f"{role}@"))
    forget()
    said = failures()["tenancy"]
    assert said and "sign in as hotline_app" in said
    assert get(web + "/readyz").json()["missing"] == {"tenancy": said}
    monkeypatch.setenv("HOTLINE_DEMO", "1")
    settings.cache_clear()
    assert get(web + "/readyz").status_code == 200
