"""A chat between a citizen at their own page and an agent at the desk, each in a browser."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.closing import close
from tests.browser.sizes import at_width


def test_a_citizen_and_an_agent_chat_until_it_is_over(visit, ready_desk, hotline, complaints):
    home = hotline.agent_for("passport")["municipality"]
    citizen = visit(None, f"/contact?municipality={home}")
    citizen.fill("#text", "Mit pas udløber på fredag, hvordan får jeg et nyt pas?")
    citizen.check("#way-phone")
    expect(citizen.locator("#phone")).to_be_visible()
    citizen.check("#way-chat")
    expect(citizen.locator("#phone")).to_be_hidden()
    citizen.click(".contact-form .button")
    expect(citizen.locator(".told")).to_have_count(2)
    assert violations(citizen) == []
    ready_desk.locator("[data-offer]").wait_for()
    ready_desk.keyboard.press("F2")
    expect(citizen.locator("#standing")).to_contain_text("er i gang")
    ready_desk.locator(".answer textarea").fill("Hej, har du det gamle pas?")
    ready_desk.keyboard.press("Control+Enter")
    expect(citizen.locator("#thread .message-agent")).to_contain_text("Hej, har du det gamle pas?")
    citizen.fill("#text", "Ja, det ligger her")
    citizen.click("#write .button")
    expect(citizen.locator("#text")).to_have_value("")
    expect(citizen.locator("#text")).to_be_focused()
    expect(citizen.locator("#thread .message")).to_have_count(2)
    expect(ready_desk.locator(".thread .message-citizen")).to_contain_text("Ja, det ligger her")
    assert violations(citizen) == []
    at_width(citizen, 360)
    assert violations(citizen) == []
    close(ready_desk)
    expect(citizen.locator("#standing")).to_contain_text("afsluttet")
    expect(citizen.locator("#write")).to_have_count(0)
    assert violations(citizen) == []
    assert complaints.of == []
