"""`hotline people` and `hotline integrators`, from the command line to the door."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from hotline.access.keys import holder
from hotline.agents.models import AgentWork
from hotline.clock import now
from hotline.directory.models import AgentSkill, Person
from hotline.inquiries.models import Inquiry
from hotline.offers.actions import accept
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, Api, Events, a_pool, a_ready_agent, an_agent, signed_in
from tests.building import accounts, transaction
from tests.cli.commands import app
from tests.offers.doing import a_journalled_inquiry, by, offer_of

LONG = "grøn hest spiser tapet"


def hotline(*arguments, said=""):
    """What the command prints; it must succeed."""
    done = CliRunner().invoke(app, arguments, input=said)
    assert done.exit_code == 0, (done.output, done.stderr)
    return done.stdout.strip()


def refused(*arguments, said=""):
    """The one line of a command that cannot be done."""
    done = CliRunner().invoke(app, arguments, input=said)
    assert done.exit_code == 1 and done.stdout == "", (done.exit_code, done.output)
    [line] = done.stderr.strip().splitlines()
    return line


def person(username):
    with transaction() as session:
        return session.exec(select(Person).where(Person.username == username)).one()


def test_somebody_who_is_added_signs_in_with_the_password_that_was_read(web):
    hotline("people", "add", "karla", "--role", "viewer", "--municipality", HJORRING, said=LONG + "\n")
    assert signed_in(web, "karla", LONG).get("/me").json()["municipality"] == HJORRING


def test_an_agent_is_added_with_topics_and_languages_and_a_generated_password(web):
    arguments = ("--role", "agent", "--municipality", HJORRING, "--name", "Karla J", "--topic", "passport:3")
    said = hotline(
        "people", "add", "karla", *arguments, "--topic", "mitid", "--language", "da", "--language", "de", "--generate"
    )
    me = signed_in(web, "karla", said.removeprefix("karla: ")).get("/me").json()
    assert me["skills"] == [{"topic": "mitid", "level": 2}, {"topic": "passport", "level": 3}]
    assert (me["name"], me["languages"]) == ("Karla J", ["da", "de"])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("karla", "--role", "viewer"), "municipality"),
        (("karla", "--role", "secretariat", "--municipality", HJORRING), "whole pool"),
        (("karla", "--role", "agent", "--municipality", "9999"), "9999"),
        (("karla", "--role", "agent", "--municipality", HJORRING, "--topic", "tax"), "tax"),
        (("karla", "--role", "viewer", "--municipality", HJORRING, "--topic", "mitid"), "topics"),
        (("k rla", "--role", "secretariat"), "user name"),
        (("karla", "--role", "secretariat", "--name", "Karla\nhotline: done"), "one line"),
        (("karla", "--role", "secretariat", "--name", " "), "one line"),
        (("karla", "--role", "secretariat", "--name", "K" * 201), "1 to 200"),
        (("karla", "--role", "agent", "--municipality", HJORRING, "--language", "klingon"), "klingon"),
        (("taken", "--role", "secretariat"), "already"),
    ],
)
def test_who_cannot_be_added_is_told_why_before_a_password_is_asked_for(with_facts, arguments, named):
    hotline("people", "add", "taken", "--role", "secretariat", "--generate")
    assert named in refused("people", "add", *arguments)
    with transaction() as session:
        assert [one.username for one in session.exec(select(Person))] == ["taken"]


def test_a_weak_password_adds_nobody(with_facts):
    assert "12 characters" in refused("people", "add", "karla", "--role", "secretariat", said="kort\n")
    assert "common" in refused("people", "add", "karla", "--role", "secretariat", said="Sommer2026!!\n")
    with transaction() as session:
        assert session.exec(select(Person)).all() == []


def test_another_password_ends_the_sign_ins_with_the_one_before(web):
    old = hotline("people", "add", "karla", "--role", "secretariat", "--generate").removeprefix("karla: ")
    api = signed_in(web, "karla", old)
    hotline("people", "password", "karla", said=LONG + "\n")
    assert api.get("/me").status_code == 401
    assert Api(web).post("/sessions", json={"username": "karla", "password": old}).status_code == 401
    signed_in(web, "karla", LONG)


def test_the_sign_ins_of_a_person_are_listed_and_ended(web):
    _, username = an_agent()
    api = signed_in(web, username)
    signed_in(web, username)
    heading, *lines = hotline("people", "sessions", username).splitlines()
    assert re.split("  +", heading) == ["since", "last seen", "until at most"] and len(lines) == 2
    for line in lines:
        since, seen, until = re.split("  +", line)
        assert since <= seen < until
    assert hotline("people", "sessions", username, "--end") == "2 sign-ins ended"
    assert api.get("/me").status_code == 401
    assert len(hotline("people", "sessions", username).splitlines()) == 1
    assert "nobody" in refused("people", "sessions", "nobody-here")


def test_who_is_deactivated_is_out_at_once_and_what_they_have_in_hand_is_flagged(web):
    a_pool()
    agent = a_ready_agent()
    inquiry = a_journalled_inquiry()
    assert route() == 1
    by(agent, accept, offer_of(inquiry).id)
    with transaction() as session:
        username = session.get_one(Person, agent).username
    api = signed_in(web, username)
    hotline("people", "deactivate", username)
    assert api.get("/me").status_code == 401
    assert username in hotline("people", "list") and "deactivated" in hotline("people", "list")
    with transaction() as session:
        kept = session.get_one(Inquiry, inquiry)
        assert (kept.state, kept.agent_id, kept.flag) == ("handling", agent, "agent_gone")
        assert session.get_one(AgentWork, agent).presence == "offline"
        assert session.exec(select(AgentSkill).where(AgentSkill.agent_id == agent)).all() != []


@pytest.mark.parametrize("way", ["deactivate", "end the sign-ins", "sign out"])
def test_a_console_that_stands_open_hears_nothing_more(web, way):
    _, username = an_agent()
    api, other = signed_in(web, username), signed_in(web, an_agent()[1])
    with ThreadPoolExecutor() as threads:
        listening = threads.submit(read_to_the_end, api)
        staying = Events(other)
        if way == "sign out":
            api.delete("/sessions/current")
        else:
            hotline(
                *{"deactivate": ("people", "deactivate", username)}.get(way, ("people", "sessions", username, "--end"))
            )
        assert listening.result(60) == "ended"
    assert other.put("/me/presence", json={"state": "break"}).status_code == 200
    staying.wait_for("presence", lambda said: said["state"] == "break")
    staying.close()


def read_to_the_end(api):
    with api.http.stream("GET", "/me/events", timeout=60) as answer:
        for _ in answer.iter_lines():
            pass
    return "ended"


def test_a_key_is_printed_once_and_does_what_it_was_made_for(web):
    a_pool()
    key = hotline("integrators", "add", "PBX", "--scope", "intake", "--municipality", HJORRING, "--expires", "90d")
    body = {"channel": "web", "municipality": HJORRING}
    assert Api(web, key).post("/inquiries", json=body).status_code == 201
    assert Api(web, key).post("/inquiries", json=body | {"municipality": SKANDERBORG}).status_code == 403
    assert Api(web, key).get("/inquiries").status_code == 403
    listed = hotline("integrators", "list")
    assert key not in listed and key[:11] in listed
    for word in ("PBX", "in force", "intake", HJORRING):
        assert word in listed
    assert "already" in refused("integrators", "add", "PBX")


def test_a_key_is_rotated_with_an_overlap_and_revoked(with_facts):
    old = hotline("integrators", "add", "PBX")
    new = hotline("integrators", "rotate", "PBX", "--overlap", "24h")
    tomorrow = now() + timedelta(hours=24, minutes=1)

    def in_force(moment):
        with accounts() as session:
            return [holder(session, key, moment) is not None for key in (old, new)]

    assert in_force(now()) == [True, True]
    assert in_force(tomorrow) == [False, True]
    assert hotline("integrators", "revoke", "PBX", "--key", old[:11]) == "1 key ended"
    assert in_force(now()) == [False, True]
    assert hotline("integrators", "revoke", "PBX") == "1 key ended"
    assert in_force(now()) == [False, False]
    assert "no such key" in refused("integrators", "revoke", "PBX")
    assert "no integrator" in refused("integrators", "rotate", "Nobody")
    assert CliRunner().invoke(app, ["integrators", "rotate", "PBX", "--overlap", "soon"]).exit_code == 2


def test_an_unknown_municipality_makes_no_key(with_facts):
    assert "9999" in refused("integrators", "add", "PBX", "--municipality", "9999")
    assert "PBX" not in hotline("integrators", "list")


@pytest.mark.parametrize("name", ["", " ", "PBX\nother  hk_00000000", "P" * 101])
def test_an_integrator_has_a_name_that_stands_on_one_line(with_facts, name):
    assert "1 to 100" in refused("integrators", "add", name)
    assert len(hotline("integrators", "list").splitlines()) == 1
