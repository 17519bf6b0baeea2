"""Every page in both languages: no violation that axe finds, no complaint of the browser, no sideways scrolling."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.sizes import at_width


@pytest.mark.parametrize(
    "role, paths",
    [
        (None, ["/sign-in", "/contact"]),
        ("agent", ["/desk", "/account"]),
        (
            "secretariat",
            [
                "/queue",
                "/municipalities",
                "/settlement",
                "/alerts",
                "/classification",
                "/simulations",
                "/guidance",
                "/guidance/passport",
            ],
        ),
        ("administrator", ["/privacy/lookups", "/privacy/rules", "/integrations/mailboxes"]),
        ("team_lead", ["/municipalities/{}/agents?span=month", "/municipalities/{}/inquiries?span=month"]),
        ("viewer", ["/municipalities/{}/statistics", "/municipalities/{}/statistics?span=month", "/settlement"]),
    ],
)
def test_a_page_can_be_used_by_everybody(visit, hotline, complaints, role, paths):
    user = hotline.one(role) if role else None
    page = visit(user, "/" if user else "/sign-in")
    for language in ("da", "en"):
        page.goto(f"{hotline.url}/language/{language}")
        for path in paths:
            page.goto(f"{hotline.url}{path.format(user and user['municipality'])}")
            assert page.locator("html").get_attribute("lang") == language
            assert violations(page, colours=language == "da") == []
            at_width(page, 320 if path in ("/desk", "/account") else 360)
            assert violations(page, colours=language == "da") == []
            at_width(page, 1280)
    assert complaints.of == []


@pytest.mark.parametrize("path", ["/desk", "/queue", "/municipalities"])
def test_a_page_asks_to_sign_in_first_and_then_opens(visit, hotline, path):
    user = hotline.one("agent" if path == "/desk" else "secretariat")
    page = visit(None, path)
    page.fill("#username", user["username"])
    page.fill("#password", user["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{hotline.url}{path}")


def test_the_first_tab_leads_past_the_menu(visit, hotline):
    page = visit(hotline.one("secretariat"), "/municipalities")
    page.keyboard.press("Tab")
    expect(page.locator(".skipnav")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
