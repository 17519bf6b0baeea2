"""What every page keeps to: nothing inline, nothing from outside, and files that only pages need."""

import re

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from hotline.access.errors import NotSignedIn
from hotline.errors import NotFound
from hotline.offers.errors import OfferGone
from hotline.resources import TEMPLATES
from hotline.settings import settings
from hotline.web import pages
from hotline.web.assets import Assets, asset
from hotline.web.error_pages import as_page
from hotline.web.security import POLICY, SecurityHeaders
from hotline.web.templates import page
from tests.builders import PATIENCE
from tests.conftest import serving

HTML = {"accept": "text/html"}
HTMX = {"hx-request": "true"}
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def browser():
    app = FastAPI()
    app.include_router(pages.router)
    app.mount("/static", Assets())
    app.add_middleware(SecurityHeaders)

    @app.exception_handler(NotFound)
    @app.exception_handler(NotSignedIn)
    @app.exception_handler(OfferGone)
    def answer(request, error):
        return as_page(request, error)

    @app.get("/form")
    def form(request: Request):
        return page(
            request,
            "access/sign_in.html",
            failed=False,
            ended=False,
            other=None,
            username='"><b>',
            next="",
            through=False,
        )

    @app.get("/raise/{name}")
    def fail(name: str):
        raise {"gone": OfferGone, "who": NotSignedIn, "none": NotFound}[name]

    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_no_template_has_script_or_style_within(file):
    markup = file.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|\shx-on|<script(?![^>]*\ssrc=)|javascript:|https?://", markup)


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_no_region_within_a_panel_has_the_panels_own_name(file):
    """A screen reader's list of regions would have the name twice; what only scrolls is a group."""
    markup = file.read_text().replace("'", '"')
    headings = re.findall(r"<h2 id=[^>]*>\{\{ t\((.+?)\) \}\}</h2>", markup)
    regions = re.findall(r"""role="region" aria-label="\{\{ t\((.+?)\) \}\}\"""", markup)
    assert not {*headings} & {*regions}


def test_a_page_is_danish_until_english_is_chosen(browser):
    assert '<html lang="da">' in browser.get("/form").text
    back = browser.get("/language/en", headers={"referer": "http://testserver/form"}, follow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (303, "/form")
    assert '<html lang="en">' in browser.get("/form").text


def test_a_language_that_is_not_spoken_here_is_not_found(browser):
    assert browser.get("/language/xx", headers=HTML).status_code == 404


@pytest.mark.parametrize(
    "referer",
    ["https://elsewhere.example//elsewhere.example/x", "https://e.example/\\e.example", "https://[e.example/", ""],
)
def test_choosing_a_language_never_leads_away(browser, referer):
    back = browser.get("/language/en", headers={"referer": referer}, follow_redirects=False)
    assert back.status_code == 303 and re.match(r"/(?![/\\])", back.headers["location"])


@pytest.mark.parametrize("path", ["/queue/", "/static", "/api/v1/inquiries/"])
def test_no_path_leads_to_the_host_that_a_request_says_it_asked(web, path):
    answer = httpx.get(web + path, headers={"Host": "elsewhere.example"}, timeout=PATIENCE)
    assert answer.status_code == 404 and "location" not in answer.headers


def test_a_page_carries_the_strict_policy_and_is_not_kept(browser):
    headers = browser.get("/form").headers
    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/raise/none", "/sign-in", "/api/v1/me", "/openapi.json"])
def test_no_answer_about_anybody_is_kept_on_the_way(web, path):
    headers = httpx.get(web + path, timeout=PATIENCE).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    "method, path, allowed",
    [
        ("DELETE", f"/api/v1/inquiries/{NOBODY}", "GET, PATCH, HEAD"),
        ("PUT", "/api/v1/inquiries", "GET, POST, HEAD"),
        ("PATCH", "/sign-in", "GET, POST, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
    ],
)
def test_a_method_that_is_none_here_is_told_all_that_are(web, method, path, allowed):
    answer = httpx.request(method, web + path, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["allow"] == allowed


def test_where_cookies_need_https_browsers_are_told_to_stay_with_it(with_facts, monkeypatch):
    monkeypatch.setenv("HOTLINE_SECURE_COOKIES", "true")
    settings.cache_clear()
    with serving() as url:
        for path in ("/sign-in", "/healthz", "/static/hotline.css"):
            assert httpx.get(url + path, timeout=PATIENCE).headers["strict-transport-security"] == "max-age=31536000"


def test_what_people_typed_is_shown_as_text(browser):
    assert "&#34;&gt;&lt;b&gt;" in browser.get("/form").text


def test_every_file_that_a_page_names_is_served_from_here(browser):
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/form").text)
    assert len(named) >= 7
    for address in named:
        assert browser.get(address.replace("&amp;", "&")).status_code == 200


def test_fonts_that_the_style_sheet_names_are_there(browser):
    sheet = browser.get("/static/vendor/dkfds/css/dkfds.min.css").text
    files = {file for file in re.findall(r"url\(\.\./([^)]+)\)", sheet) if "fonts" in file}
    assert files and all(file.endswith(".woff2") for file in files)
    assert {browser.get(f"/static/vendor/dkfds/{file}").status_code for file in files} == {200}


def test_a_file_named_with_its_fingerprint_is_kept_for_ever(browser):
    assert "immutable" in browser.get(asset("hotline.css")).headers["cache-control"]
    assert "immutable" not in browser.get("/static/hotline.css").headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["build.py", "package.json", ".npmrc", "vendor/stamp", "../settings.py", "__init__.py"]
)
def test_the_folder_shows_nothing_that_no_page_loads(browser, path):
    assert browser.get(f"/static/{path}").status_code == 404


def test_an_error_is_a_page_in_the_readers_language(browser):
    answer = browser.get("/raise/none", headers=HTML)
    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.text


def test_whoever_is_not_signed_in_is_asked_to_sign_in_and_comes_back(browser):
    answer = browser.get("/raise/who", headers=HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/raise/who")


def test_an_error_in_a_part_of_a_page_is_a_notice(browser):
    answer = browser.get("/raise/gone", headers=HTMX)
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#notices"
    assert "En anden nåede det først" in answer.text
    assert "<html" not in answer.text
