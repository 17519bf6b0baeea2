"""Other sites' pages sign nobody in and change nothing, whatever the browser tells of itself."""

from types import SimpleNamespace

import httpx
import pytest
from starlette.datastructures import Headers

from hotline.access.guards import COOKIE
from hotline.access.origin import from_elsewhere
from hotline.access.sessions import csrf_token
from tests.builders import PASSWORD, PATIENCE, a_person, a_sign_in


def asked(host, scheme="http", **said):
    headers = {"host": host} | {name.replace("_", "-"): value for name, value in said.items()}
    return SimpleNamespace(headers=Headers(headers), url=SimpleNamespace(scheme=scheme))


@pytest.mark.parametrize(
    "origin, host, scheme, elsewhere",
    [
        ("http://a.example", "a.example", "http", False),
        ("https://a.example", "a.example", "https", False),
        ("https://a.example", "a.example", "http", False),  # the proxy kept it to itself
        ("https://A.example:443", "a.example", "https", False),
        ("http://a.example:8000", "a.example:8000", "http", False),
        ("http://[::1]:8000", "[::1]:8000", "http", False),
        ("http://[::1]", "[::1]", "http", False),
        ("http://a.example", "a.example", "https", True),
        ("http://a.example:8001", "a.example:8000", "http", True),
        ("http://a.example:8000", "a.example", "http", True),
        ("https://b.example", "a.example", "https", True),
        ("https://a.example.b.example", "a.example", "https", True),
        ("https://evil-a.example", "a.example", "https", True),
        ("https://a.example@b.example", "a.example", "https", True),
        ("https://b.example@a.example", "a.example", "https", True),
        ("ftp://a.example", "a.example", "http", True),
        ("null", "a.example", "http", True),
        ("", "a.example", "http", True),
        ("https://[", "a.example", "https", True),
        ("a.example", "a.example", "http", True),
    ],
)
def test_without_a_word_of_the_site_the_origin_must_be_the_host_that_was_asked(origin, host, scheme, elsewhere):
    assert from_elsewhere(asked(host, scheme, origin=origin)) is elsewhere


@pytest.mark.parametrize(
    "site, elsewhere", [("same-origin", False), ("none", False), ("same-site", True), ("cross-site", True), ("", True)]
)
def test_a_browsers_own_word_of_the_site_counts_before_the_origin(site, elsewhere):
    assert from_elsewhere(asked("a.example", sec_fetch_site=site)) is elsewhere
    assert from_elsewhere(asked("a.example", sec_fetch_site=site, origin="https://a.example")) is elsewhere


def test_who_says_neither_is_no_browser():
    assert not from_elsewhere(asked("a.example"))


@pytest.mark.parametrize("said", [{"Origin": "https://b.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}])
def test_over_http_too_no_other_site_signs_in_or_changes_anything(web, said):
    name = a_person("secretariat")
    form = {"username": name, "password": PASSWORD}
    with httpx.Client(base_url=web, headers={"Accept": "text/html"}, timeout=PATIENCE) as browser:
        assert browser.post("/sign-in", data=form, headers=said).status_code == 403
        assert COOKIE not in browser.cookies
        token = a_sign_in(name)
        browser.cookies.set(COOKIE, token)
        word = {"X-CSRF-Token": csrf_token(token)}
        assert browser.post("/sign-out", headers=word | said).status_code == 403
        assert browser.get("/account", headers=said).status_code == 200
        assert browser.post("/sign-out", headers=word | {"Origin": web}).status_code == 204
        assert browser.post("/sign-in", data=form, headers={"Origin": web}).status_code == 303
