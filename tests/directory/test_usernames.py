"""A user name is one however it is typed."""

import json
from importlib import import_module

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from hotline.access import throttle
from hotline.directory.models import Person
from hotline.directory.usernames import as_kept, bearer, hides_something
from tests.builders import HJORRING, PASSWORD, Api, a_person
from tests.building import accounts, owner, transaction
from tests.cli.commands import app

COMPOSED, APART = "håkon", "ha\u030akon"
TYPED = [COMPOSED, APART, "HÅKON", "HA\u030aKON", " håkon ", "hå\u200bkon", "\ufeffhåkon", "hå\u00adkon\u202c"]
HIDDEN = ["kar\u200bla", "karla\u2060", "kar\u00adla", "\u202ekarla", "karla\ufe0f", "karla\u3164", "kar\U000e0061la"]


def comes_in(web, username):
    return Api(web).post("/sessions", json={"username": username, "password": PASSWORD}).status_code


@pytest.mark.parametrize("typed", TYPED)
def test_whoever_types_their_name_in_another_way_comes_in(web, typed):
    a_person("secretariat", username=COMPOSED)
    assert (comes_in(web, typed), comes_in(web, "hakon"), comes_in(web, "håkon2")) == (201, 401, 401)


def test_wrong_sign_ins_count_together_however_the_name_is_typed(web):
    a_person("secretariat", username=COMPOSED)
    wrong = [
        Api(web).post("/sessions", json={"username": TYPED[n % len(TYPED)], "password": "wrong"}).status_code
        for n in range(throttle.LIMITS.account.amount + 1)
    ]
    assert wrong == [401] * throttle.LIMITS.account.amount + [429]


def adds(username):
    wanted = ["people", "add", username, "--role", "viewer", "--municipality", HJORRING, "--generate"]
    return CliRunner().invoke(app, wanted)


@pytest.mark.parametrize("typed", [COMPOSED, APART, "HÅKON", "Ha\u030akon"])
def test_nobody_new_is_called_what_somebody_is_called_already(with_facts, typed):
    a_person("secretariat", username=COMPOSED)
    refused = adds(typed)
    assert refused.exit_code == 1 and "somebody of this user name already" in refused.stderr


@pytest.mark.parametrize("name", HIDDEN)
def test_nobody_new_has_something_in_their_name_that_nobody_sees(with_facts, tmp_path, name):
    assert hides_something(name)
    refused = adds(name)
    assert refused.exit_code == 1 and len(refused.stderr.splitlines()) == 1
    path = tmp_path / "people.json"
    user = {"userId": name, "name": "K", "roles": ["hotline-viewer"], "municipality": HJORRING}
    path.write_text(json.dumps({"users": [user]}), encoding="utf-8")
    assert CliRunner().invoke(app, ["directory", "sync", str(path)]).exit_code == 0
    with transaction() as session:
        assert session.exec(select(Person.username)).all() == ["karla"]


def test_new_names_are_kept_in_small_letters_each_written_in_one_way(with_facts):
    assert adds("Ha\u030aKON@A.Example").exit_code == 0
    with accounts() as session:
        assert bearer(session, "håkon@a.example").username == "håkon@a.example"
    assert as_kept("STRASSE") == as_kept("straße")


def test_a_list_that_names_one_person_in_two_ways_is_refused_and_one_in_another_way_changes_nobody(
    with_facts, tmp_path
):
    path = tmp_path / "people.json"

    def sync(*names):
        users = [{"userId": name, "name": "H", "roles": ["hotline-viewer"], "municipality": HJORRING} for name in names]
        path.write_text(json.dumps({"users": users}), encoding="utf-8")
        return CliRunner().invoke(app, ["directory", "sync", str(path)])

    assert "twice" in sync(COMPOSED, "HÅKON").stderr
    assert sync("Håkon", "bo").exit_code == 0
    assert sync("HA\u030aKON", "BO").stdout.splitlines()[-1] == "0 changes"
    assert "bo: deactivated" in sync("håkon").stdout


def test_an_upgrade_leaves_everybody_a_name_to_come_in_by(web):
    names = ["Karla", "KARLA", "bo", "Bo", "Ha\u030akon", "Åse"]
    for name in names:
        a_person("secretariat", username=name)
    upgrade = import_module("hotline.migrations.versions.20261130_usernames").upgrade
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with owner().begin() as connection, Operations.context(MigrationContext.configure(connection)):
        upgrade()
        kept = connection.execute(text("SELECT username FROM person ORDER BY id")).scalars().all()
    assert kept == ["karla", "KARLA", "bo", "Bo", "håkon", "åse"]
    assert {name: comes_in(web, name) for name in names} == dict.fromkeys(names, 201)
    with accounts() as session:
        found = {name: bearer(session, name).username for name in ("karla", "Karla", "KARLA", "bo", "Bo", "BO", "åSE")}
    assert found == {
        "karla": "karla", "Karla": "karla", "KARLA": "KARLA", "bo": "bo", "Bo": "Bo", "BO": "bo", "åSE": "åse",
    }  # fmt: skip
