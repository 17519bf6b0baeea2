"""The API's reference as a reader meets it, and where a problem's type leads, in a real browser."""

import re
from itertools import product

import httpx
from playwright.sync_api import expect

from hotline.web.docs import DOCS_POLICY
from tests.browser.axe import violations
from tests.browser.sizes import at_width
from tests.builders import PATIENCE


def test_the_reference_shows_every_call_and_asks_nobody_outside(visit, hotline, complaints):
    told = httpx.get(f"{hotline.url}/openapi.json", timeout=PATIENCE).json()
    calls = [f"{method.upper()} {path}" for path, methods in told["paths"].items() for method in methods]
    page = visit(None, "/docs")
    expect(page.locator(".opblock")).to_have_count(len(calls))
    shown = page.locator(".opblock-summary").evaluate_all(
        """blocks => blocks.map(block => block.querySelector(".opblock-summary-method").textContent + " " +
            block.querySelector("[data-path]").dataset.path)"""
    )
    assert sorted(shown) == sorted(calls)
    intake = page.locator(".opblock-post", has=page.locator("[data-path='/api/v1/inquiries']"))
    intake.locator(".opblock-summary-control").first.click()
    expect(intake).to_contain_text("kan ikke komme ind på MitID")
    expect(intake).to_contain_text("An inquiry with this external id was taken in before.")
    assert complaints.of == []


def test_the_reference_allows_no_script_or_style_that_is_not_ours(hotline):
    policy = httpx.get(f"{hotline.url}/docs", timeout=PATIENCE).headers["content-security-policy"]
    assert policy == DOCS_POLICY
    assert re.findall(r"(script|style|connect)-src ([^;]*)", policy) == [
        ("script", "'self'"),
        ("style", "'self'"),
        ("connect", "'self'"),
    ]


def test_what_a_problem_means_can_be_read_by_everybody(visit, hotline, complaints):
    page = visit(None, "/sign-in")
    for language, width in product(("da", "en"), (1280, 360)):
        page.goto(f"{hotline.url}/language/{language}")
        page.goto(f"{hotline.url}/problems")
        at_width(page, width)
        assert violations(page, colours=language == "da") == []
        page.get_by_role("link", name="offer-gone").click()
        expect(page).to_have_url(f"{hotline.url}/problems/offer-gone")
        at_width(page, width)
        assert violations(page, colours=language == "da") == []
    assert complaints.of == []
