"""The municipalities' own lists of people: kept in step, nothing lost, nothing changed by a bad one."""

import json

import pytest
from sqlmodel import SQLModel, select
from typer.testing import CliRunner

from hotline.access.accounts import person_called, set_password
from hotline.agents.models import AgentWork
from hotline.clock import now
from hotline.directory.cvr import CvrNumber
from hotline.directory.models import Agent, AgentSkill, Person
from hotline.handling.actions import close
from hotline.inquiries.models import Inquiry
from hotline.offers.actions import accept
from hotline.queue.run import route
from hotline.resources import ROOT
from tests.builders import HJORRING, SKANDERBORG, a_person, a_pool, signed_in
from tests.building import accounts, owner, transaction
from tests.cli.commands import app
from tests.offers.doing import a_journalled_inquiry, by, offer_of

EXAMPLE = ROOT / "docs" / "examples" / "people.json"
KAJA = {
    "userId": "kaja",
    "name": "Kaja",
    "municipality": HJORRING,
    "roles": ["hotline-agent"],
    "topics": ["passport", "mitid"],
    "languages": ["da", "en"],
}
BO = {"userId": "bo", "name": "Bo", "municipality": SKANDERBORG, "roles": ["hotline-viewer"]}


@pytest.fixture
def sync(with_facts, tmp_path):
    """Runs the command on a list; the lines it prints."""

    def run(*users, dry=False, **more):
        path = tmp_path / "people.json"
        path.write_text(json.dumps({"users": list(users)} | more), encoding="utf-8")
        return command(path, dry)

    return run


def command(path, dry=False):
    done = CliRunner().invoke(app, ["directory", "sync", str(path), *(["--dry-run"] if dry else [])])
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def everything():
    with owner().connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in SQLModel.metadata.sorted_tables
        }


def people():
    with transaction() as session:
        return {one.username: one for one in session.exec(select(Person))}


def topics_of(username):
    with transaction() as session:
        skills = session.exec(
            select(AgentSkill).join(Person, Person.id == AgentSkill.agent_id).where(Person.username == username)
        )
        return {one.topic: one.level for one in skills}


def test_a_dry_run_says_what_the_real_one_does_and_changes_nothing(sync):
    sync(KAJA)
    before = everything()
    said = sync(KAJA | {"topics": ["doctor"]}, BO, dry=True)
    assert everything() == before
    assert "this was a dry run" in said[-1]
    done = sync(KAJA | {"topics": ["doctor"]}, BO)
    assert done[:-1] == said[:-1] and len(done) > 4
    assert everything() != before


def test_the_same_list_again_changes_nothing(sync):
    assert sync(KAJA, BO)[-1] != "0 changes"
    before = everything()
    assert sync(KAJA, BO) == ["0 changes"]
    assert everything() == before


def test_the_example_of_the_docs_is_taken(with_facts):
    command(EXAMPLE)
    found = {name: (one.role, one.municipality) for name, one in people().items()}
    assert found == {
        "kaja.eksempel": ("agent", HJORRING),
        "bo.eksempel": ("team_lead", SKANDERBORG),
        "sille.eksempel": ("secretariat", None),
    }
    assert topics_of("kaja.eksempel") == {"passport": 2, "relocation": 2, "mitid": 3}
    assert command(EXAMPLE) == ["0 changes"]


def test_a_name_written_in_another_way_is_the_same_person(sync):
    sync(KAJA | {"userId": "åse.ø", "name": "Åse Ø"})
    assert sync(KAJA | {"userId": "a\u030ase.\u200bø", "name": "A\u030ase\u00a0Ø\ufeff"}) == ["0 changes"]


def test_a_kle_number_stands_for_its_topics_and_one_that_no_topic_has_is_told(sync):
    said = sync(KAJA | {"topics": ["23.15.*", "27.18.02"]})
    assert topics_of("kaja").keys() == {"mitid", "digital-post", "digital-post-exemption"}
    assert "no topic has the KLE number 27.18.02" in said


def test_a_municipality_may_be_named_by_its_cvr_number(sync):
    with accounts() as session:
        session.add(CvrNumber(cvr="00000860", municipality=HJORRING, invented=True))
    sync(KAJA | {"municipality": "00000860"})
    assert people()["kaja"].municipality == HJORRING
    assert sync(KAJA) == ["0 changes"]
    sync(BO | {"userId": "ny", "municipality": None}, municipality="00000860")
    assert people()["ny"].municipality == HJORRING


def test_skills_languages_role_and_municipality_follow_the_list(sync):
    sync(KAJA)
    with accounts() as session:
        kaja = session.exec(select(Person).where(Person.username == "kaja")).one()
        session.get_one(AgentSkill, (kaja.id, "mitid")).level = 3  # said here, and not by the list
    said = sync(KAJA | {"municipality": SKANDERBORG, "topics": ["mitid", "doctor"], "languages": ["da"]})
    assert topics_of("kaja") == {"mitid": 3, "doctor": 2}
    with transaction() as session:
        agent = session.get_one(Agent, kaja.id)
        assert (agent.municipality, agent.languages) == (SKANDERBORG, ["da"])
    assert {line.partition(": ")[2] for line in said[:-1]} == {
        f"municipality: {HJORRING} → {SKANDERBORG}",
        "speaks da, not da, en",
        "no longer passport",
        "learned doctor",
    }
    sync(KAJA | {"roles": ["hotline-viewer"]})
    assert people()["kaja"].role == "viewer" and topics_of("kaja") == {}


def test_who_is_missing_is_deactivated_and_comes_back_with_the_next_list(sync, web):
    sync(KAJA, BO)
    with accounts() as session:
        set_password(session, person_called(session, "bo"), "grøn hest spiser tapet", now())
    api = signed_in(web, "bo", "grøn hest spiser tapet")
    assert sync(KAJA) == ["bo: deactivated", "1 change"]
    assert api.get("/me").status_code == 401
    assert not people()["bo"].active
    assert sync(KAJA, BO | {"disabled": True}) == ["0 changes"]
    assert sync(KAJA, BO) == ["bo: active again", "1 change"]


def test_local_accounts_and_other_municipalities_people_are_left_alone(sync):
    local = a_person("secretariat")
    sync(KAJA, BO)
    sync({"userId": "ny", "name": "Ny", "roles": ["hotline-viewer"]}, municipality=SKANDERBORG)
    found = people()
    assert [found[name].active for name in (local, "kaja", "bo", "ny")] == [True, True, False, True]


def test_an_agent_with_an_inquiry_in_hand_is_flagged_and_not_cut_off(sync):
    a_pool()
    sync(KAJA, BO)
    agent = people()["kaja"].id
    with transaction() as session:
        kaja = session.get_one(AgentWork, agent)
        kaja.presence, kaja.connected = "available", True
    inquiry = a_journalled_inquiry()
    assert route() == 1
    by(agent, accept, offer_of(inquiry).id)
    for gone in ((BO,), (BO, KAJA | {"roles": ["hotline-viewer"]})):
        [said, _] = sync(*gone)
        assert said.startswith("kaja: ") and "1 inquiry in hand" in said
        assert people()["kaja"].active and people()["kaja"].role == "agent"
    with transaction() as session:
        assert session.get_one(AgentWork, agent).presence == "offline"
        assert session.get_one(Inquiry, inquiry).agent_id == agent
    by(agent, lambda session, one, at: close(session, session.get_one(Inquiry, inquiry), one, "resolved", None, at))
    assert sync(BO) == ["kaja: deactivated", "1 change"]
    with transaction() as session:
        assert session.get_one(Inquiry, inquiry).state == "closed"


BAD = {
    "no JSON": ("{", "no JSON"),
    "a list": ("[]", ""),
    "nobody": ({"users": []}, "users"),
    "NUL": ({"users": [KAJA | {"name": "Ka\0ja"}]}, "users.0.name"),
    "two lines": ({"users": [KAJA | {"userId": "kaja\nbo"}]}, "users.0.userId"),
    "no name": ({"users": [{"userId": "x"}]}, "users.0.name"),
    "no municipality": ({"users": [{"userId": "x", "name": "X", "roles": ["hotline-agent"]}]}, "which municipality"),
    "unknown municipality": ({"users": [KAJA, BO | {"municipality": "9999"}]}, "9999"),
    "unknown CVR": ({"users": [BO | {"municipality": "12345678"}]}, "12345678"),
    "unknown topic": ({"users": [BO, KAJA | {"topics": ["tax"]}]}, "tax"),
    "level": ({"users": [KAJA | {"topics": [{"topic": "mitid", "level": 9}]}]}, "users.0.topics"),
    "language": ({"users": [KAJA | {"languages": ["Danish"]}]}, "users.0.languages"),
    "twice": ({"users": [KAJA, KAJA]}, "twice"),
    "another's": ({"municipality": HJORRING, "users": [BO]}, SKANDERBORG),
    "grabs power": (
        {"municipality": HJORRING, "users": [KAJA | {"roles": ["hotline-administrator"]}]},
        "administrator",
    ),
    "a name that nobody sees": ({"users": [KAJA | {"userId": "\u200b"}]}, "users.0.userId"),
    "a name on two lines": ({"users": [KAJA | {"name": "Kaja\u2028Bo"}]}, "users.0.name"),
    "takes a name": ({"municipality": HJORRING, "users": [KAJA | {"userId": "chief"}]}, "chief"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_list_is_one_clear_line_and_changes_nothing(with_facts, tmp_path, case):
    a_person("administrator", username="chief")
    before = everything()
    said, named = BAD[case]
    path = tmp_path / "people.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    done = CliRunner().invoke(app, ["directory", "sync", str(path)])
    assert done.exit_code == 1 and done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith(f"hotline directory sync: {path}: ") and named in line
    assert everything() == before


def test_a_file_that_is_not_there_is_named(with_facts, tmp_path):
    done = CliRunner().invoke(app, ["directory", "sync", str(tmp_path / "none.json")])
    assert done.exit_code == 1 and "none.json" in done.stderr and len(done.stderr.splitlines()) == 1
