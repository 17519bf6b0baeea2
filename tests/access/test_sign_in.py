"""Coming in and going out, for programs by token and for browsers by cookie."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline.access.guards import COOKIE
from hotline.access.models import SignInSession
from hotline.access.sessions import csrf_token, person_of, sign_in, token_hash
from hotline.clock import now
from hotline.directory.models import Person
from hotline.errors import WrongSignIn
from hotline.settings import settings
from tests.builders import PASSWORD, Api, a_person, a_pool, an_agent, signed_in
from tests.building import transaction


def test_a_session_lasts_for_its_hours_and_not_longer(desk):
    name, moment = a_person("secretariat"), now()
    with transaction() as session:
        person, token = sign_in(session, name, PASSWORD, moment)
        ends = moment + timedelta(hours=settings().session_hours)
        assert person_of(session, token, ends - timedelta(seconds=1)).id == person.id
        assert person_of(session, token, ends) is None
        assert person_of(session, token[:-1], moment) is None
        assert session.get(SignInSession, token.encode()) is None and session.get(SignInSession, token_hash(token))


@pytest.mark.parametrize("name, password", [("{known}", "wrong"), ("nobody", PASSWORD), ("{known}", ""), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(desk, name, password):
    known = a_person("secretariat")
    with transaction() as session, pytest.raises(WrongSignIn) as refused:
        sign_in(session, name.format(known=known), password, now())
    assert set(refused.value.problem()) == {"type", "title", "status"}
    with transaction() as session:
        assert session.exec(select(SignInSession)).all() == []


def test_who_left_does_not_come_in_and_is_out_at_once(web):
    name = a_person("secretariat")
    api = signed_in(web, name)
    assert api.get("/me").json()["username"] == name
    with transaction() as session:
        session.exec(select(Person).where(Person.username == name)).one().active = False
    assert api.get("/me").status_code == 401
    assert Api(web).post("/sessions", json={"username": name, "password": PASSWORD}).status_code == 401


def test_signing_out_ends_this_token_and_no_other(web):
    name = a_person("secretariat")
    one, other = signed_in(web, name), signed_in(web, name)
    assert one.delete("/sessions/current").status_code == 204
    assert (one.get("/me").status_code, other.get("/me").status_code) == (401, 200)
    assert one.delete("/sessions/current").status_code == 401


def test_an_expired_session_is_asked_to_sign_in_again(web):
    api = signed_in(web, a_person("secretariat"))
    with transaction() as session:
        session.execute(text("UPDATE sign_in_session SET ends_at = now()"))
    answer = api.get("/me")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.fixture
def browser(web):
    with httpx.Client(base_url=web, headers={"Accept": "text/html"}) as client:
        yield client


def enters(browser, username, password=PASSWORD, **form):
    return browser.post("/sign-in", data={"username": username, "password": password} | form)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(browser):
    answer = enters(browser, a_person("secretariat"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE)
    for flag in ("httponly", "samesite=lax", "path=/", f"max-age={settings().session_hours * 3600}"):
        assert flag in cookie
    assert browser.get("/").headers["location"] == "/queue"
    token = browser.cookies[COOKIE]
    with transaction() as session:
        assert session.get(SignInSession, token_hash(token)) is not None


def test_over_https_a_cookie_of_another_name_lets_nobody_in(browser, monkeypatch):
    """What a real browser does with the cookie over HTTPS is tests/browser/test_over_https.py."""
    token = signed_in(str(browser.base_url).rstrip("/"), a_person("secretariat")).token
    for secure, lets_in in (("false", COOKIE), ("true", f"__Host-{COOKIE}")):
        monkeypatch.setenv("HOTLINE_SECURE_COOKIES", secure)
        settings.cache_clear()
        for name in (COOKIE, f"__Host-{COOKIE}"):
            status = browser.get("/queue", headers={"Cookie": f"{name}={token}"}).status_code
            assert (status == 200) == (name == lets_in), (secure, name, status)


def test_a_change_by_cookie_needs_the_word_of_the_page(browser):
    a_pool()
    _, username = an_agent()
    enters(browser, username)
    token = browser.cookies[COOKIE]
    own_word, other_word = csrf_token(token), csrf_token("hs_another")
    assert browser.get("/api/v1/me").status_code == 200  # reading needs none
    for word in ("", other_word, token, own_word[:-1], "æ"):
        answer = browser.put(
            "/api/v1/me/presence", json={"state": "available"}, headers=[("X-CSRF-Token", word.encode())]
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
    assert browser.put("/api/v1/me/presence", json={"state": "available"}).status_code == 403
    right = {"X-CSRF-Token": own_word}
    assert browser.put("/api/v1/me/presence", json={"state": "available"}, headers=right).status_code == 200
    assert browser.post("/sign-out").status_code == 403
    out = browser.post("/sign-out", headers=right)
    assert (out.status_code, out.headers["hx-redirect"]) == (204, "/sign-in")
    assert Api(str(browser.base_url).rstrip("/"), token).get("/me").status_code == 401


def test_a_form_of_another_site_signs_nobody_in(browser):
    name = a_person("secretariat")
    form = {"username": name, "password": PASSWORD}
    assert browser.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert COOKIE not in browser.cookies


def test_after_signing_in_one_stays_on_our_pages(browser):
    name, ours = a_person("secretariat"), browser.base_url
    assert enters(browser, name, next="/municipalities").headers["location"] == "/municipalities"
    for elsewhere in (
        "//a.example",
        "/\\a.example",
        "https://a.example",
        "/\t/a.example",
        "/\n/a.example",
        "a.example",
        "",
    ):
        location = enters(browser, name, next=elsewhere).headers["location"]
        assert ours.join(location).host == ours.host and not set("\t\n\\") & set(location), elsewhere


def test_a_wrong_password_shows_the_form_again_with_the_name_kept(browser):
    answer = enters(browser, '"><b>karla', "wrong")
    assert answer.status_code == 401 and "karla" in answer.text and '"><b>' not in answer.text
    assert COOKIE not in browser.cookies
