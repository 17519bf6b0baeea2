"""The end of an agent's last sign-in, by whatever way, ends their being there at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, select
from typer.testing import CliRunner

from hotline import db
from hotline.access.accounts import person_called, set_password
from hotline.access.ends import end_this
from hotline.access.guards import COOKIE
from hotline.access.sessions import csrf_token, still_in
from hotline.agents import presence
from hotline.agents.models import AgentWork, Presence, PresenceChange
from hotline.clock import now
from hotline.directory.models import Person
from hotline.inquiries.offer import Offer, OfferState
from hotline.offers.sweep import absences
from hotline.policies import current_policy
from hotline.queue.run import route
from hotline.tenant import at_accounts
from tests.builders import PASSWORD, PATIENCE, SKANDERBORG, Api, a_person, a_pool, a_sign_in, an_agent, signed_in
from tests.building import accounts, transaction
from tests.cli.commands import app
from tests.offers.doing import a_journalled_inquiry, look_at, sound

NEW = "grøn hest spiser tapet"


@pytest.fixture
def karla(web):
    """An agent at the desk, to whom something is offered, and a colleague who comes in after that."""
    a_pool()
    agent_id, username = an_agent(presence=Presence.AVAILABLE, connected=True)
    token = a_sign_in(agent_id)
    inquiry = a_journalled_inquiry()
    assert route() == 1
    colleague, _ = an_agent(presence=Presence.AVAILABLE, connected=True)
    a_sign_in(colleague)
    return SimpleNamespace(id=agent_id, username=username, token=token, inquiry=inquiry, colleague=colleague, web=web)


def browser(karla):
    return httpx.Client(
        base_url=karla.web,
        cookies={COOKIE: karla.token},
        headers={"Accept": "text/html", "X-CSRF-Token": csrf_token(karla.token)},
        timeout=PATIENCE,
    )


def offered_to(inquiry):
    with transaction() as session:
        open_offer = (Offer.inquiry_id == inquiry, col(Offer.state) == OfferState.OPEN)
        return session.exec(select(Offer.agent_id).where(*open_offer)).one()


def command(*words):
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output


def sweeps(at):
    absences(at, current_policy())


def by_a_list(karla, tmp_path):
    with accounts() as session:
        person_called(session, karla.username).from_directory = True
    path = tmp_path / "people.json"
    others = {"users": [{"userId": "new", "name": "New", "roles": ["hotline-viewer"]}], "municipality": SKANDERBORG}
    path.write_text(json.dumps(others), encoding="utf-8")
    command("directory", "sync", str(path))


def by_another_password(karla, _):
    with accounts() as session:
        set_password(session, person_called(session, karla.username), NEW, now())


def by_time(change):
    def ends(karla, _):
        with accounts() as session:
            mine = f"UPDATE sign_in_session SET {change} WHERE person_id = {karla.id}"
            session.execute(text(mine))
        sweeps(now())

    return ends


def by_somebody_else(karla, _):
    form = {"username": a_person("secretariat"), "password": PASSWORD}
    assert browser(karla).post("/sign-in", data=form).status_code == 303


WAYS = {
    "signing out by token": lambda karla, _: Api(karla.web, karla.token).delete("/sessions/current"),
    "signing out by cookie": lambda karla, _: browser(karla).delete("/api/v1/sessions/current"),
    "signing out on a page": lambda karla, _: browser(karla).post("/sign-out"),
    "signing out on a page by token": lambda karla, _: httpx.post(
        karla.web + "/sign-out", headers={"Authorization": f"Bearer {karla.token}"}, timeout=PATIENCE
    ),
    "somebody else in the same browser": by_somebody_else,
    "another password": by_another_password,
    "the command that ends sign-ins": lambda karla, _: command("people", "sessions", karla.username, "--end"),
    "the command that deactivates": lambda karla, _: command("people", "deactivate", karla.username),
    "a list without them": by_a_list,
    "its hours": by_time("ends_at = now()"),
    "not being used": by_time("seen_at = now() - interval '1 day'"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_end_of_the_last_sign_in_gives_back_what_is_offered_and_the_next_gets_it(karla, tmp_path, way):
    assert offered_to(karla.inquiry) == karla.id
    WAYS[way](karla, tmp_path)
    assert Api(karla.web, karla.token).get("/me").status_code == 401
    assert not look_at(AgentWork, karla.id).connected
    with transaction() as session:  # a console that does not know yet is heard of for a moment more
        presence.beat(session, [karla.id], now(), 6, still_in)
    assert not look_at(AgentWork, karla.id).connected
    assert (route(), offered_to(karla.inquiry)) == (1, karla.colleague)
    sound()


@pytest.mark.parametrize("way", ["signing out by token", "signing out by cookie", "signing out on a page"])
def test_who_is_signed_in_elsewhere_is_still_there(karla, tmp_path, way):
    elsewhere = a_sign_in(karla.id)
    WAYS[way](karla, tmp_path)
    assert look_at(AgentWork, karla.id).connected and Api(karla.web, elsewhere).get("/me").status_code == 200
    assert (route(), offered_to(karla.inquiry)) == (0, karla.id)


def test_who_comes_back_is_what_they_last_said(karla, tmp_path):
    WAYS["signing out by token"](karla, tmp_path)
    agent = look_at(AgentWork, karla.id)
    assert (agent.connected, agent.presence) == (False, "available")
    signed_in(karla.web, karla.username)
    with transaction() as session:
        presence.beat(session, [karla.id], now(), 6, still_in)
    with transaction() as session:
        changes = select(PresenceChange).where(PresenceChange.agent_id == karla.id).order_by(col(PresenceChange.id))
        assert [(one.connected, one.reason) for one in session.exec(changes)] == [(False, "signed out"), (True, None)]


def test_another_password_of_ones_own_leaves_one_at_the_desk(karla):
    answer = browser(karla).post("/account/password", data={"current": PASSWORD, "password": NEW})
    assert answer.status_code == 204
    assert look_at(AgentWork, karla.id).connected and Api(karla.web, karla.token).get("/me").status_code == 401


def test_of_two_last_sign_ins_that_end_at_once_one_is_seen_to_be_the_last(karla):
    for _ in range(10):
        tokens = [a_sign_in(karla.id), a_sign_in(karla.id)]
        with accounts() as session:
            end_this(session, karla.token, now())
            session.get_one(AgentWork, karla.id).connected = True

        def ends(token):
            with db.transaction(at_accounts("a test")) as session:
                return end_this(session, token, now())

        with ThreadPoolExecutor(2) as beside:
            assert list(beside.map(ends, tokens)) == [1, 1]
        assert not look_at(AgentWork, karla.id).connected


def test_whoever_ends_no_sign_in_leaves_everybody_there(karla):
    for token in (None, "", "hs_unknown", karla.token[:-1]):
        with accounts() as session:
            assert end_this(session, token, now()) == 0
    sweeps(now() + timedelta(seconds=1))
    assert look_at(AgentWork, karla.id).connected


def test_signing_out_ends_what_let_the_request_in_and_nothing_else(karla):
    other = a_sign_in(a_person("secretariat"))
    bearer = {"Authorization": f"Bearer {other}"}
    for address, verb in (("/sign-out", "POST"), ("/api/v1/sessions/current", "DELETE")):
        answer = browser(karla).request(verb, address, headers=bearer)
        assert answer.status_code == 204 and "set-cookie" not in answer.headers
        assert Api(karla.web, other).get("/me").status_code == 401
        assert Api(karla.web, karla.token).get("/me").status_code == 200
        other = a_sign_in(a_person("secretariat"))
        bearer = {"Authorization": f"Bearer {other}"}
    assert 'hotline_session=""' in browser(karla).delete("/api/v1/sessions/current").headers["set-cookie"]


def test_a_page_says_that_somebody_else_is_signed_in_in_its_browser_now(karla):
    with browser(karla) as shared:
        desk = shared.get("/desk").text
        assert f'"X-Visitor": "{karla.id}"' in desk and f"/api/v1/me/events?visitor={karla.id}" in desk
        birk = a_person("team_lead", SKANDERBORG, username="birk")
        assert shared.post("/sign-in", data={"username": birk, "password": PASSWORD}).status_code == 303
        assert Api(karla.web, karla.token).get("/me").status_code == 401
        hers = {"X-Visitor": str(karla.id), "HX-Request": "true"}
        for verb, address in (("GET", "/account"), ("GET", "/desk/parts"), ("POST", "/sign-out")):
            answer = shared.request(verb, address, headers=hers)
            assert answer.status_code == 401, address
        assert shared.get(f"/api/v1/me/events?visitor={karla.id}").status_code == 401
        assert (
            shared.get("/api/v1/me", headers={"X-Visitor": str(karla.id)}).json()["type"] == "/problems/somebody-else"
        )
        assert "Birk er nu logget ind i denne browser" in shared.get("/sign-in?ended=1").text
        assert "Birk" not in shared.get("/sign-in").text
        assert shared.get("/account").status_code == 200  # and Birk's own pages go on
        with transaction() as session:
            mine = session.exec(select(Person.id).where(Person.username == birk)).one()
        assert shared.get("/account", headers={"X-Visitor": str(mine)}).status_code == 200
