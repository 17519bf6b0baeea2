"""Coming in and going out, for programs by token and for browsers by cookie."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline import db
from hotline.access.accounts import change_password, person_called, set_password
from hotline.access.errors import WrongSignIn
from hotline.access.guards import COOKIE
from hotline.access.models import SignInSession
from hotline.access.passwords import HASHER, fits, hash_password
from hotline.access.sessions import csrf_token, local_account, person_of, sign_in, token_hash
from hotline.clock import now
from hotline.console.hub import still_signed_in
from hotline.directory.models import Person
from hotline.settings import settings
from hotline.tenant import DOOR
from tests.builders import (
    HJORRING,
    PASSWORD,
    PATIENCE,
    SKANDERBORG,
    Api,
    a_person,
    a_pool,
    a_sign_in,
    an_agent,
    signed_in,
)
from tests.building import accounts


def a_token(moment):
    """Somebody's sign-in of this moment."""
    return a_sign_in(a_person("secretariat"), moment)


def comes_in(token, moment):
    """Whether a request with this token is let in at this moment."""
    with db.transaction(DOOR) as session:
        return person_of(session, token, moment) is not None


def seen_at(token):
    with accounts() as session:
        return session.get_one(SignInSession, token_hash(token)).seen_at


def test_a_session_that_is_used_lasts_for_its_hours_and_not_longer(with_facts):
    moment = now()
    token, ends = a_token(moment), moment + timedelta(hours=settings().session_hours)
    assert not comes_in(token[:-1], moment)
    at = moment
    while at < ends:
        assert comes_in(token, at), at - moment
        at += timedelta(minutes=50)
    assert comes_in(token, ends - timedelta(seconds=1))
    assert not comes_in(token, ends)
    with accounts() as session:
        assert session.get(SignInSession, token.encode()) is None and session.get(SignInSession, token_hash(token))


def test_a_session_that_nobody_uses_ends(with_facts):
    moment, idle = now(), timedelta(minutes=settings().session_idle_minutes)
    token, other = a_token(moment), a_token(moment)
    last = moment + idle - timedelta(seconds=1)
    assert comes_in(token, last)
    assert comes_in(token, last + idle - timedelta(seconds=1))  # each use counts from anew
    assert not comes_in(token, last + 2 * idle)
    assert not comes_in(token, last + 2 * idle)  # and being turned away is no use
    assert not comes_in(other, moment + idle)


def test_a_use_is_written_down_once_a_minute(with_facts):
    moment = now()
    token = a_token(moment)
    for seconds, written in ((0, 0), (59, 0), (60, 60), (61, 60), (119, 60), (120, 120)):
        assert comes_in(token, moment + timedelta(seconds=seconds))
        assert seen_at(token) == moment + timedelta(seconds=written), seconds


def test_two_uses_at_once_do_not_wait_for_each_other(with_facts):
    moment = now()
    token, later = a_token(moment), moment + timedelta(minutes=2)
    with db.transaction(DOOR) as first:
        assert person_of(first, token, later) is not None
        with db.transaction(DOOR) as second:
            second.connection().exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
            assert person_of(second, token, later) is not None
    assert seen_at(token) == later


def test_an_open_event_stream_is_a_use(with_facts):
    moment, idle = now(), timedelta(minutes=settings().session_idle_minutes)
    with_stream, without = a_token(moment), a_token(moment)
    for minutes in range(0, 240, settings().session_idle_minutes - 5):
        at = moment + timedelta(minutes=minutes)
        assert still_signed_in({token_hash(with_stream)}, at) == {token_hash(with_stream)}
    both = {token_hash(with_stream), token_hash(without)}
    assert still_signed_in(both, at) == {token_hash(with_stream)}
    assert still_signed_in(both, moment + timedelta(hours=settings().session_hours)) == set()
    assert comes_in(with_stream, at + idle - timedelta(seconds=1)) and not comes_in(without, at)


def test_the_next_sign_in_clears_away_what_ended(with_facts):
    moment, name = now(), a_person("secretariat")
    later = moment + timedelta(minutes=settings().session_idle_minutes)
    tokens = {}
    for at in (moment, later - timedelta(minutes=1), later):
        tokens[at] = a_sign_in(name, at)
    with accounts() as session:
        kept = set(session.exec(select(SignInSession.token_hash)))
    assert kept == {token_hash(token) for at, token in tokens.items() if at != moment}


def test_over_http_too_who_was_away_for_long_signs_in_again(web, browser):
    name = a_person("secretariat")
    api, minutes = signed_in(web, name), settings().session_idle_minutes
    enters(browser, name)
    assert (api.get("/me").status_code, browser.get("/queue").status_code) == (200, 200)
    with accounts() as session:
        session.execute(text(f"UPDATE sign_in_session SET seen_at = now() - interval '{minutes} minutes'"))
    assert api.get("/me").status_code == 401
    assert browser.get("/queue").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("name, password", [("{known}", "wrong"), ("nobody", PASSWORD), ("{known}", ""), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(web, name, password):
    username = name.format(known=a_person("secretariat"))
    refused = Api(web).post("/sessions", json={"username": username, "password": password})
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/wrong-sign-in")
    assert set(refused.json()) == {"type", "title", "status"}
    with accounts() as session:
        assert session.exec(select(SignInSession)).all() == []


def test_who_left_does_not_come_in_and_is_out_at_once(web):
    name = a_person("secretariat")
    api = signed_in(web, name)
    assert api.get("/me").json()["username"] == name
    with accounts() as session:
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
    with accounts() as session:
        session.execute(text("UPDATE sign_in_session SET ends_at = now()"))
    answer = api.get("/me")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_every_decision_about_who_comes_in_is_logged_without_what_they_typed(web, capfd):
    name = a_person("viewer", HJORRING)
    with accounts() as session:
        person = session.exec(select(Person.id).where(Person.username == name)).one()
    api = signed_in(web, name)
    for username in (name, "Nobody-0101901234"):
        assert Api(web).post("/sessions", json={"username": username, "password": "wrong words"}).status_code == 401
        form = {"username": username, "password": "wrong words"}
        assert httpx.post(f"{web}/sign-in", data=form, headers={"Accept": "text/html"}, timeout=60).status_code == 401
    assert api.get("/me").status_code == 200
    assert api.get(f"/statistics/municipalities/{SKANDERBORG}?from=0101901234").status_code in (403, 422)
    assert api.get(f"/statistics/municipalities/{SKANDERBORG}").status_code == 403
    assert Api(web, "hs_0101901234").get("/me").status_code == 401
    event = re.compile(r"(signed in|wrong sign-in|refused)\W.*(person|address|action)=")
    lines = [line for line in "".join(capfd.readouterr()).splitlines() if event.search(line)]
    said = "\n".join(lines)
    # Each wrong sign-in once, whichever way it came.
    assert (said.count("wrong sign-in"), said.count("hotline.access")) == (4, 5), said
    for expected in (  # in whichever way this process writes its lines
        rf"signed in\W.*person={person}",
        rf"wrong sign-in\W(?=.*address=127.0.0.1)(?=.*kind=wrong-sign-in).*person={person}",
        r"wrong sign-in\W(?!.*person=).*address=127.0.0.1",
        rf"refused(?=.*action=hotline.statistics.api.read_\w+)(?=.*kind=not-allowed).*who=.person {person}",
        r"refused(?=.*action=hotline.console.me.read_me)(?=.*kind=not-signed-in).*who=nobody",
    ):
        assert re.search(expected, said), (expected, said)
    for secret in (api.token, "wrong words", "0101901234", "Nobody", name):
        assert secret not in said, secret


@pytest.fixture
def browser(web):
    with httpx.Client(base_url=web, headers={"Accept": "text/html"}, timeout=PATIENCE) as client:
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
    with accounts() as session:
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


def another_password(name):
    """Their password becomes another, which ends their sign-ins."""
    with accounts() as session:
        set_password(session, person_called(session, name), "grøn hest spiser tapet", now())


def test_a_password_that_is_changed_while_it_is_checked_lets_nobody_in(with_facts):
    name = a_person("secretariat")
    with db.transaction(DOOR) as session:
        known = local_account(session, name)
    assert fits(PASSWORD, known.password_hash)
    another_password(name)
    with pytest.raises(WrongSignIn), db.transaction(DOOR) as session:
        sign_in(session, known, now())


def test_another_password_waits_for_a_sign_in_that_is_under_way_and_ends_it(with_facts):
    name = a_person("secretariat")
    with ThreadPoolExecutor(1) as beside:
        with db.transaction(DOOR) as session:
            token = sign_in(session, local_account(session, name), now())
            session.flush()
            changed = beside.submit(another_password, name)
            with pytest.raises(TimeoutError):
                changed.result(1)
        changed.result(60)
    assert not comes_in(token, now())


def test_of_two_who_change_one_password_at_once_the_second_does_not_know_it_any_more(with_facts):
    name, both = a_person("secretariat"), Barrier(2)

    def changes_to(password):
        with accounts() as session:
            person = person_called(session, name)
            both.wait(60)
            change_password(session, person, PASSWORD, password, now())
        return password

    with ThreadPoolExecutor(2) as beside:
        tried = [beside.submit(changes_to, password) for password in ("grøn hest spiser tapet", "blå ko drikker saft")]
    [chosen] = [one.result() for one in tried if one.exception() is None]
    assert [type(one.exception()) for one in tried if one.exception()] == [WrongSignIn]
    with db.transaction(DOOR) as session:
        assert fits(chosen, local_account(session, name).password_hash)


COMPOSED, APART = "en smuk båd på søen", "en smuk ba\u030ad pa\u030a søen"


@pytest.mark.parametrize("kept, typed", [(COMPOSED, COMPOSED), (COMPOSED, APART), (APART, COMPOSED), (APART, APART)])
def test_a_password_is_the_same_on_every_keyboard(kept, typed):
    assert fits(typed, hash_password(kept))
    assert not fits(typed.replace("b", "B"), hash_password(kept))


def test_hashes_of_before_are_good_for_what_was_typed_then():
    assert fits(APART, HASHER.hash(APART)) and fits(COMPOSED, HASHER.hash(COMPOSED))
    for broken in ("\ud800", APART + "\ud800", ""):
        assert not fits(broken, HASHER.hash(APART))
        assert not fits(broken, None)


@pytest.mark.parametrize("forwarded, secure", [({"X-Forwarded-Proto": "https"}, True), ({}, False)])
def test_over_forwarded_https_every_cookie_is_for_https_alone(browser, forwarded, secure):
    name = a_person("secretariat")
    browser.headers.update(forwarded)
    answers = [enters(browser, name), browser.get("/language/en")]
    kept = f"__Host-{COOKIE}" if secure else COOKIE
    assert answers[0].headers["set-cookie"].startswith(f"{kept}=")
    assert all(("secure" in answer.headers["set-cookie"].lower()) is secure for answer in answers)
    token = answers[0].cookies.get(kept) or answers[0].headers["set-cookie"].split("=")[1].split(";")[0]
    for sent in (COOKIE, f"__Host-{COOKIE}"):
        status = httpx.get(
            browser.base_url.join("/queue"),
            headers={"Cookie": f"{sent}={token}", "Accept": "text/html"} | forwarded,
            timeout=PATIENCE,
        ).status_code
        assert (status == 200) == (sent == kept), sent
