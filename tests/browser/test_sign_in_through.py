"""Coming in through one's own organisation, in a real browser, with a provider on another site."""

import pytest
from playwright.sync_api import expect

from hotline.access import oidc
from hotline.directory.cvr import CvrNumber
from hotline.settings import settings
from tests.access.provider import CLIENT_ID, CLIENT_SECRET, providing
from tests.browser.axe import violations
from tests.browser.conftest import SLOW
from tests.browser.sizes import at_width
from tests.builders import HJORRING, a_pool
from tests.building import accounts

KARLA = {"sub": "s-karla", "preferred_username": "karla", "name": "Karla Klog", "cvr": "99000860"}


@pytest.fixture
def provider(web, monkeypatch):
    """Under the name `localhost`, which to a browser is another site than the hotline's 127.0.0.1."""
    with providing() as provider:
        provider.url = provider.url.replace("127.0.0.1", "localhost")
        monkeypatch.setenv("HOTLINE_OIDC_ISSUER", provider.url)
        monkeypatch.setenv("HOTLINE_OIDC_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("HOTLINE_OIDC_CLIENT_SECRET", CLIENT_SECRET)
        settings.cache_clear()
        oidc.forget()
        a_pool()
        with accounts() as session:
            session.add(CvrNumber(cvr=KARLA["cvr"], municipality=HJORRING, invented=True))
        yield provider


@pytest.fixture
def window(chromium):
    context = chromium.new_context(locale="da-DK", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(SLOW)
    yield context.new_page()
    context.close()


def test_one_button_leads_through_the_organisation_to_the_page_that_was_asked_for(window, web, provider):
    provider.person = KARLA | {"roles": ["hotline-viewer"]}
    window.goto(f"{web}/municipalities/{HJORRING}/statistics")
    for width in (360, 1280):
        at_width(window, width)
        assert violations(window) == []
    window.click("text=Log ind med din organisation")
    window.wait_for_url(f"{web}/municipalities/{HJORRING}/statistics")
    assert "Karla Klog" in window.inner_text("header")


def test_who_has_no_place_reads_why_and_stays_out(window, web, provider):
    provider.person = KARLA | {"roles": []}
    for language, said in (("da", "ikke givet dig en plads"), ("en", "gives you no place")):
        window.goto(f"{web}/language/{language}")
        window.goto(f"{web}/sign-in")
        window.click('a[href^="/sign-in/oidc"]')
        expect(window.locator("main")).to_contain_text(said)
        assert violations(window) == []
        window.goto(f"{web}/queue")
        assert window.url.startswith(f"{web}/sign-in")
