"""The sample region comes into an empty database once, and stays as people have changed it since."""

import hashlib
import json
import stat
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlmodel import SQLModel, func, select, update

from hotline.access.models import ApiKey, Credential
from hotline.access.passwords import fits
from hotline.agents.models import AgentWork
from hotline.directory.models import Agent, AgentSkill, Membership, Municipality, Person, Topic
from hotline.directory.shipped import seed_facts
from hotline.sample import sign_ins_file
from hotline.sample.errors import NotEmpty
from hotline.sample.seed import seed
from hotline.sample.sign_ins import Secrets
from tests.cli.commands import hotline

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def everything(db):
    """Every row of every table, to see whether anything changed."""
    return {table.name: sorted(map(repr, db.execute(table.select()))) for table in SQLModel.metadata.sorted_tables}


def secrets_of(sign_ins):
    return Secrets(sign_ins.users[0].password, sign_ins.integrator_key)


def count(db, model):
    return db.exec(select(func.count()).select_from(model)).one()


def test_a_second_run_with_the_sign_ins_of_the_first_changes_nothing(db):
    first = seed(db, Random(1), NOW)
    before = everything(db)
    assert seed(db, Random(1), LATER, secrets_of(first)) == first
    assert everything(db) == before


def test_without_the_earlier_sign_ins_new_ones_replace_them_and_nobody_is_added(db):
    first = seed(db, Random(1), NOW)
    second = seed(db, Random(1), LATER)
    assert [user.username for user in second.users] == [user.username for user in first.users]
    assert count(db, Person) == len(first.users)
    hashes = set(db.exec(select(Credential.password_hash)))
    assert [fits(user.password, *hashes) for user in (first.users[0], second.users[0])] == [False, True]
    in_force = db.exec(select(ApiKey.key_hash).where(ApiKey.ends_at == None)).all()  # noqa: E711
    assert in_force == [hashlib.sha256(second.integrator_key.encode()).digest()]


def test_sign_ins_say_what_each_agent_can_do_and_agents_come_first(db):
    users = seed(db, Random(1), NOW).users
    agents = users[: count(db, Agent)]
    assert {user.role for user in agents} == {"agent"}
    assert "agent" not in {user.role for user in users[len(agents) :]}
    for user in (agents[0], agents[-1]):
        agent = db.exec(select(Agent).join(Person).where(Person.username == user.username)).one()
        topics = db.exec(select(AgentSkill.topic).where(AgentSkill.agent_id == agent.id)).all()
        assert set(user.topics) == set(topics)
        work = db.get_one(AgentWork, agent.id)
        assert (agent.municipality, work.capacity, work.presence) == (user.municipality, 3, "offline")


def test_who_chose_a_password_keeps_it_and_is_no_longer_listed(db):
    first = seed(db, Random(1), NOW)
    name = first.users[5].username
    person = db.exec(select(Person.id).where(Person.username == name)).one()
    db.exec(update(Credential).where(Credential.person_id == person).values(password_hash="their own"))
    assert name not in {user.username for user in seed(db, Random(1), LATER).users}
    assert db.get(Credential, person, populate_existing=True).password_hash == "their own"


def test_what_an_administrator_changed_stays_changed(db):
    first = seed(db, Random(1), NOW)
    db.exec(update(Topic).where(Topic.slug == "passport").values(open=False, name="Pas"))
    seed(db, Random(1), LATER, secrets_of(first))
    assert db.exec(select(Topic.name, Topic.open).where(Topic.slug == "passport")).one() == ("Pas", False)


def test_facts_alone_are_all_municipalities_and_topics_and_nobody(db):
    seed_facts(db)
    seed_facts(db)
    found = [count(db, model) for model in (Municipality, Topic, Membership, Person)]
    assert found == [98, 13, 0, 0]


def test_the_sample_keeps_out_of_a_hotline_that_has_people(db):
    db.add(Person(username="somebody", name="Somebody", role="administrator"))
    db.flush()
    with pytest.raises(NotEmpty):
        seed(db, Random(1), NOW)


def test_the_file_is_for_its_owner_only_and_gives_the_secrets_back(db, tmp_path):
    made = seed(db, Random(1), NOW)
    path = tmp_path / "new folder" / "sign-ins.json"
    sign_ins_file.write(path, made)
    sign_ins_file.write(path, made)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["sign-ins.json"]
    assert sign_ins_file.read(path) == secrets_of(made)
    said = json.loads(path.read_text(encoding="utf-8"))
    assert said.keys() == {"integrator_key", "users"}
    assert said["users"][0].keys() == {"username", "password", "role", "municipality", "topics"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"users": []}', '{"users": [{}], "integrator_key": "x"}', '"x"'])
def test_a_broken_file_is_as_good_as_none(tmp_path, content):
    path = tmp_path / "sign-ins.json"
    path.write_text(content, encoding="utf-8")
    assert sign_ins_file.read(path) is None
    assert sign_ins_file.read(tmp_path / "missing.json") is None


def hotline_seed(db, *options, **variables):
    """The command on the test's database, as its owner."""
    url = db.get_bind().url.set(drivername="postgresql").render_as_string(hide_password=False)
    return hotline("seed", *options, HOTLINE_DATABASE_URL=url, **variables)


def test_the_command_seeds_the_demo_and_says_when_it_renews_lost_sign_ins(db, tmp_path):
    path = tmp_path / "sign-ins.json"
    options = ("--sign-ins", str(path))
    said, files = [], []
    for _ in range(2):
        said.append(hotline_seed(db, *options, HOTLINE_DEMO="1").stdout)
        files.append(path.read_bytes())
    path.unlink()
    said.append(hotline_seed(db, *options, HOTLINE_DEMO="1").stdout)
    files.append(path.read_bytes())
    assert "is in place: 84 agents" in said[0]
    assert "in place already" in said[1]
    assert "new ones replace them" in said[2]
    assert files[0] == files[1] != files[2]


def test_outside_demo_mode_the_command_adds_no_people(db):
    done = hotline_seed(db, HOTLINE_DEMO="0")
    assert (done.exit_code, "No sample people" in done.stdout) == (0, True)
    assert [count(db, model) for model in (Municipality, Topic, Person)] == [98, 13, 0]


def test_where_the_file_cannot_be_written_nothing_is_changed(db, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = hotline_seed(db, "--sample", "--sign-ins", str(tmp_path / "file" / "sign-ins.json"), HOTLINE_DEMO="0")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert count(db, Person) == 0
