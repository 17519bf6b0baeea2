"""A call-back as an agent sees it: promised on the desk, offered as something to ring, rung in vain, parked again."""

from playwright.sync_api import expect

from tests.waiting import until

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained


def test_an_agent_promises_a_call_rings_and_nobody_answers(agents_desk, hotline, complaints):
    municipality = hotline.agent_for("passport")["municipality"]
    inquiry = hotline.post(municipality, "passport", "Mit pas er udløbet, ring til mig.")
    offer = agents_desk.locator("[data-offer]")
    expect(offer).to_be_visible(timeout=SLOW)
    expect(offer).not_to_contain_text("ringer borgeren op")
    agents_desk.keyboard.press("F2")
    agents_desk.locator(".inquiry details.more summary").click()
    form = agents_desk.locator(".inquiry form.promise")
    expect(form.locator("input[name=phone]")).to_have_value("+4522113344")
    form.locator("input[name=phone]").fill("22 11 33 55")
    form.locator("button").click()

    expect(offer).to_be_visible(timeout=SLOW)  # nobody else is there; it is due at once
    expect(offer).to_contain_text("Det er dig, der ringer borgeren op.")
    expect(offer).not_to_contain_text("22113355")
    agents_desk.keyboard.press("F2")
    ring = agents_desk.locator(".inquiry .callback")
    expect(ring).to_contain_text("Ring til borgeren")
    expect(ring.locator("a")).to_have_attribute("href", "tel:+4522113355")
    agents_desk.locator(".inquiry textarea").fill("Ingen svarede.")
    ring.locator("button").click()
    expect(agents_desk.locator(".calm")).to_be_visible()
    assert hotline.state(inquiry) == "callback"

    call = {"channel": "phone", "municipality": municipality, "topic": "passport", "citizen": {"phone": "22113355"}}
    again = hotline.take_in(call)
    expect(offer).to_be_visible(timeout=SLOW)
    until(lambda: hotline.state(inquiry) == "closed", "the citizen rang, and is not rung any more")
    hotline.hang_up(again)
    assert complaints.of == []
