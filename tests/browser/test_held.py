"""What is in hand, as the secretariat sees it: usable by everybody, and given back from there."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.sizes import at_width

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained


@pytest.fixture
def taken(visit, hotline):
    """An inquiry that an agent has in hand; its id."""
    agent = hotline.agent_for("passport")
    desk = visit(agent)
    desk.click("#presence-available")
    inquiry = hotline.post(agent["municipality"], "passport")
    expect(desk.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    desk.keyboard.press("F2")
    expect(desk.locator(".inquiry")).to_be_visible()
    desk.click("#presence-offline")
    expect(desk.locator("#presence-offline")).to_have_attribute("aria-pressed", "true")
    yield inquiry
    hotline.hang_up(inquiry)


def test_what_is_in_hand_can_be_read_and_given_back_by_everybody(visit, hotline, complaints, taken):
    page = visit(hotline.one("secretariat"), "/")
    row = page.locator(f"#held-{taken}")
    why = row.locator("input[name=why]")
    for language, title in (("da", "I hånden nu"), ("en", "In hand now")):
        page.goto(f"{hotline.url}/language/{language}")
        page.goto(f"{hotline.url}/held")
        expect(page.locator("h1")).to_have_text(title)
        row.locator("summary").click()
        expect(why).to_be_visible()
        assert violations(page, colours=language == "da") == []
        at_width(page, 360)
        assert violations(page, colours=language == "da") == []
        row_box, field, button = (one.bounding_box() for one in (row, why, row.get_by_role("button").first))
        assert field["width"] > 0.9 * row_box["width"] - 12, "the form is squeezed into a part of its row"
        assert row.locator("label").first.evaluate("label => getComputedStyle(label).textAlign") == "left"
        assert button["y"] - field["y"] - field["height"] >= 8, "the button sticks to the field"
        at_width(page, 1280)
    why.fill("Er gået hjem")
    expect(row.locator("input:visible")).to_have_count(1)  # whatever is done with it, why is asked once
    row.get_by_role("button").first.click()
    expect(row).to_have_count(0)
    assert hotline.state(taken) == "waiting"
    assert complaints.of == []
