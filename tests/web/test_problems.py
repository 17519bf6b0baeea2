"""Where a problem's type leads: a page for people in both languages, and the same as JSON for programs."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hotline.errors import all_errors
from hotline.web import pages, problem_pages, problems
from hotline.web.error_pages import as_page
from hotline.web.language import LANGUAGES, catalogue

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
JSON = {"accept": "application/json"}
KINDS = all_errors()


@pytest.fixture(scope="module")
def browser():
    app = FastAPI()
    app.include_router(pages.router)
    app.include_router(problem_pages.router)
    problems.install(app, page=as_page)
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug())
def test_the_type_of_every_error_leads_to_its_page(browser, kind, language):
    browser.cookies.set("language", language)
    answer = browser.get(kind().problem()["type"], headers=HTML)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    shown = answer.text.replace("&#39;", "'")
    assert catalogue(language)[f"problem.{kind.slug()}"] in shown
    assert catalogue(language)[f"remedy.{kind.slug()}"] in shown


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug())
def test_a_program_reads_the_same_in_both_languages_at_once(browser, kind):
    told = browser.get(f"/problems/{kind.slug()}", headers=JSON).json()
    assert told.items() >= kind().problem().items()
    for language in LANGUAGES:
        assert told["meaning"][language] == catalogue(language)[f"problem.{kind.slug()}"]
        assert told["what_to_do"][language] == catalogue(language)[f"remedy.{kind.slug()}"]


def test_one_page_lists_them_all(browser):
    listed = browser.get("/problems", headers=HTML).text
    assert [kind.slug() for kind in KINDS if f'href="/problems/{kind.slug()}"' not in listed] == []
    as_json = browser.get("/problems", headers=JSON).json()["items"]
    assert [one["type"] for one in as_json] == [f"/problems/{kind.slug()}" for kind in KINDS]


@pytest.mark.parametrize("slug", ["nonsense", "hotline-error", "Offer-Gone", "..%2Fsettings"])
def test_a_kind_that_there_is_not_is_not_found(browser, slug):
    assert browser.get(f"/problems/{slug}", headers=HTML).status_code == 404
    missing = browser.get(f"/problems/{slug}", headers=JSON)
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")


def test_an_error_page_leads_to_what_it_means(browser):
    assert 'href="/problems/not-found"' in browser.get("/problems/nonsense", headers=HTML).text
