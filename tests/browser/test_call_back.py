"""A call-back as an agent sees it: promised on the desk, offered as something to ring, rung in vain, parked again."""

from playwright.sync_api import expect

from tests.browser.sizes import at_width
from tests.waiting import until

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained


def apart(one, other):
    """Whether two things on the page lie beside each other, neither over the other."""
    a, b = one.bounding_box(), other.bounding_box()
    return any(
        first[edge] + first[size] <= second[edge]
        for edge, size in (("x", "width"), ("y", "height"))
        for first, second in ((a, b), (b, a))
    )


def test_an_agent_promises_a_call_rings_and_nobody_answers(agents_desk, hotline, complaints):
    municipality = hotline.agent_for("passport")["municipality"]
    at_width(agents_desk, 1366, 625)
    inquiry = hotline.post(municipality, "passport", "Mit pas er udløbet, ring til mig.")
    offer = agents_desk.locator("[data-offer]")
    expect(offer).to_be_visible(timeout=SLOW)
    expect(offer).not_to_contain_text("ringer borgeren op")
    agents_desk.keyboard.press("F2")
    agents_desk.locator(".inquiry summary", has_text="Ring op").click()
    form = agents_desk.locator(".inquiry form.promise")
    expect(form.locator("input[name=phone]")).to_have_value("+4522113344")
    form.locator("input[name=phone]").fill("112")
    form.locator("button").click()
    notice = agents_desk.locator("#notices .notice")
    expect(notice).to_contain_text("ringer hotlinen ikke op")
    assert apart(notice, form), "what is to be mended can be seen and reached"
    form.locator("input[name=phone]").fill("22 11 33 55")
    form.locator("button").click()

    expect(offer).to_be_visible(timeout=SLOW)  # nobody else is there; it is due at once
    expect(offer).to_contain_text("Det er dig, der ringer borgeren op.")
    expect(offer).not_to_contain_text("22113355")
    agents_desk.keyboard.press("F2")
    ring = agents_desk.locator(".inquiry .callback")
    expect(ring).to_contain_text("Ring til borgeren")
    expect(ring.locator("a")).to_have_attribute("href", "tel:+4522113355")
    expect(agents_desk.locator(".inquiry textarea")).to_be_focused()
    nobody = agents_desk.locator(".inquiry .next button", has_text="Borgeren svarer ikke")
    for button in (nobody, agents_desk.locator(".inquiry button[data-key=F8]")):
        expect(button).to_be_in_viewport(ratio=1)
    agents_desk.locator(".inquiry textarea").fill("Ingen svarede.")
    nobody.click()
    expect(agents_desk.locator(".calm")).to_be_visible()
    assert hotline.state(inquiry) == "callback"

    call = {"channel": "phone", "municipality": municipality, "topic": "passport", "citizen": {"phone": "22113355"}}
    again = hotline.take_in(call)
    expect(offer).to_be_visible(timeout=SLOW)
    until(lambda: hotline.state(inquiry) == "closed", "the citizen rang, and is not rung any more")
    hotline.hang_up(again)
    assert [one for one in complaints.of if "422" not in one] == []
