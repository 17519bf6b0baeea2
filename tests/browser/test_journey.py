"""A citizen's call, from the phone system's request to the figure on the municipality's page, as people see it."""

import os
import signal
import time

import pytest
from playwright.sync_api import expect

from tests.browser.closing import close

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained


def test_a_call_becomes_an_inquiry_meets_an_agent_and_becomes_a_figure(agents_desk, visit, hotline, complaints):
    agent = hotline.agent_for("passport")
    home = next(
        user["municipality"] for user in hotline.users if user["municipality"] not in (None, agent["municipality"])
    )
    viewer = visit(hotline.one("viewer", municipality=home))
    viewer.goto(f"{viewer.url}?span=month")  # today may end meanwhile
    expect(viewer.locator(".figure-main .figure-value")).to_have_text("0")

    inquiry = hotline.post(home, "passport", "Mit pas er udløbet, og jeg skal rejse til jul.")
    offer = agents_desk.locator("[data-offer]")
    expect(offer).to_be_visible(timeout=SLOW)
    expect(agents_desk).to_have_title("(1) Ny henvendelse · Hotline")
    expect(agents_desk.locator("#announcement")).to_contain_text("Pas og legitimationskort")
    expect(offer).not_to_contain_text("Karla")  # whoever has not taken it does not see who asks

    agents_desk.keyboard.press("F2")
    expect(agents_desk.locator(".inquiry")).to_contain_text("Karla Opdigtet")
    expect(agents_desk.locator(".inquiry textarea")).to_be_focused()
    agents_desk.keyboard.type("Har fået en tid på tirsdag.")
    agents_desk.keyboard.press("F8")
    expect(agents_desk.locator(".inquiry.is-wrapping textarea")).to_have_value("Har fået en tid på tirsdag.")
    expect(agents_desk.locator(".outcomes input:checked")).to_have_count(0)
    agents_desk.keyboard.press("F9")
    expect(agents_desk.locator(".outcomes .field-error")).to_have_text("Vælg, hvordan det endte.")
    agents_desk.keyboard.press("1")
    expect(agents_desk.locator(".outcomes .field-error")).to_be_empty()
    agents_desk.wait_for_timeout(700)  # the same key again within 0.6 s is nothing
    agents_desk.keyboard.press("F9")
    expect(agents_desk.locator(".recent-list li").first).to_contain_text("Løst")
    expect(agents_desk.locator(".calm")).to_be_visible()
    assert hotline.state(inquiry) == "closed"

    until = time.monotonic() + SLOW / 1000
    while viewer.locator(".figure-value").nth(1).inner_text() != "1 af 1" and time.monotonic() < until:
        viewer.wait_for_timeout(500)
        viewer.reload()
    expect(viewer.locator(".figure-value").nth(0)).to_have_text("1")
    expect(viewer.locator(".figure-value").nth(1)).to_have_text("1 af 1")
    expect(viewer.locator("#chart canvas")).to_be_visible()
    assert complaints.of == []


def test_a_key_pressed_while_the_desk_looks_is_not_lost(agents_desk, hotline):
    hotline.post(hotline.agent_for("passport")["municipality"], "passport")
    expect(agents_desk.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    for key, sign in (("F2", ".inquiry"), ("F8", ".is-wrapping")):
        agents_desk.evaluate(
            """key => {
                for (let looks = 0; looks < 3; looks++) htmx.trigger(document.body, "desk-look");
                document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                htmx.trigger(document.body, "desk-look");
            }""",
            key,
        )
        expect(agents_desk.locator(sign)).to_be_visible()


def test_the_note_has_the_focus_after_taking_also_where_an_older_look_comes_late(agents_desk, hotline):
    hotline.post(hotline.agent_for("passport")["municipality"], "passport")
    expect(agents_desk.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
    late = []
    agents_desk.route("**/desk/parts", lambda route: late.append((route, route.fetch())), times=1)
    with agents_desk.expect_request("**/desk/parts"):
        agents_desk.evaluate("htmx.trigger(document.body, 'desk-look')")
    until = time.monotonic() + SLOW / 1000
    while not late and time.monotonic() < until:
        agents_desk.wait_for_timeout(50)
    with agents_desk.expect_response("**/acceptance"):
        agents_desk.keyboard.press("F2")
    route, before_taking = late[0]
    route.fulfill(response=before_taking)
    expect(agents_desk.locator(".inquiry textarea")).to_be_focused()
    close(agents_desk)


@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
def test_a_button_that_is_pressed_while_the_desk_looks_hears_of_it(agents_desk, hand):
    button = agents_desk.locator("#presence-break")
    button.hover() if hand == "mouse" else button.focus()
    agents_desk.mouse.down() if hand == "mouse" else agents_desk.keyboard.down(" ")
    with agents_desk.expect_event("requestfinished", lambda request: request.url.endswith("/desk/parts")):
        agents_desk.evaluate("htmx.trigger(document.body, 'desk-look')")
    agents_desk.wait_for_timeout(200)  # the answer would have been drawn long since
    agents_desk.mouse.up() if hand == "mouse" else agents_desk.keyboard.up(" ")
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_look_takes_the_focus_from_nobody_who_writes_in_any_browser(agents_desk, hotline):
    agents_desk.evaluate("delete Element.prototype.moveBefore")  # as in a browser that cannot move what has the focus
    hotline.post(hotline.agent_for("passport")["municipality"], "passport")
    expect(agents_desk.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
    agents_desk.keyboard.press("F2")
    note = agents_desk.locator(".inquiry textarea")
    expect(note).to_be_focused()
    agents_desk.keyboard.type("først, sidst")
    for _ in range(len(", sidst")):
        agents_desk.keyboard.press("ArrowLeft")
    with agents_desk.expect_response("**/desk/parts"):
        agents_desk.evaluate("htmx.trigger(document.body, 'desk-look')")
    agents_desk.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    agents_desk.keyboard.type(" og fremmest")
    expect(note).to_have_value("først og fremmest, sidst")
    close(agents_desk)


def test_an_offer_that_is_refused_goes_and_one_that_has_gone_says_so(agents_desk, hotline, complaints):
    inquiry = hotline.post(hotline.agent_for("passport")["municipality"], "passport", channel="email")
    expect(agents_desk.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    offer = agents_desk.locator("[data-offer]").get_attribute("data-offer")
    agents_desk.keyboard.press("F4")
    expect(agents_desk.get_by_role("button", name="Ikke mit emne")).to_be_focused()
    agents_desk.keyboard.press("1")
    expect(agents_desk.locator("[data-offer]")).to_have_count(0)
    agents_desk.evaluate(
        "offer => htmx.ajax('POST', `/api/v1/offers/${offer}/acceptance`, { source: '#work', swap: 'none' })", offer
    )
    expect(agents_desk.locator("#notices")).to_contain_text("En anden nåede det først")
    assert [one for one in complaints.of if "409" not in one and "Conflict" not in one] == []
    hotline.hang_up(inquiry)


@pytest.mark.thorough
def test_a_note_outlives_the_death_of_every_web_process(agents_desk, hotline):
    hotline.post(hotline.agent_for("passport")["municipality"], "passport")
    expect(agents_desk.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
    agents_desk.keyboard.press("F2")
    expect(agents_desk.locator(".inquiry textarea")).to_be_focused()
    agents_desk.keyboard.type("halvt notat")
    os.kill(hotline.supervisor, signal.SIGSTOP)  # or a quick machine has it back before anybody needs to be told
    try:
        for pid in hotline.pids()["web"]:
            os.kill(pid, signal.SIGKILL)
        expect(agents_desk.locator("#lost")).to_be_visible(timeout=SLOW)
    finally:
        os.kill(hotline.supervisor, signal.SIGCONT)
    expect(agents_desk.locator("#lost")).to_be_hidden(timeout=SLOW)
    expect(agents_desk.locator(".inquiry textarea")).to_have_value("halvt notat")
    close(agents_desk)


def test_without_a_network_the_desk_says_so_and_shows_what_it_missed_once_it_is_back(agents_desk, hotline):
    agents_desk.context.set_offline(True)
    expect(agents_desk.locator("#lost")).to_be_visible()
    agents_desk.locator("header a[href]").first.click()  # leads nowhere, and not to the browser's own page
    missed = hotline.post(hotline.agent_for("passport")["municipality"], "passport", channel="email")
    agents_desk.context.set_offline(False)
    expect(agents_desk.locator("#lost")).to_be_hidden()
    expect(agents_desk.locator("[data-offer]").first).to_be_visible()
    hotline.hang_up(missed)


def test_whose_sign_in_was_ended_elsewhere_is_told_so_and_comes_back_to_the_desk(agents_desk, visit, hotline):
    agent = hotline.agent_for("passport")
    elsewhere = visit(agent)
    elsewhere.goto(f"{hotline.url}/account")
    elsewhere.fill("#known", agent["password"])
    elsewhere.get_by_role("button", name="Log ud alle andre steder").click()
    expect(agents_desk.locator(".alert-info")).to_contain_text("Du er logget ud")
    agents_desk.fill("#username", agent["username"])
    agents_desk.fill("#password", agent["password"])
    agents_desk.keyboard.press("Enter")
    expect(agents_desk).to_have_url(f"{hotline.url}/desk")


def test_the_queue_fills_before_the_secretariats_eyes(visit, hotline, complaints):
    page = visit(hotline.one("secretariat"))
    expect(page).to_have_url(f"{hotline.url}/queue")
    before = int(page.locator(".figure-main .figure-value").inner_text())
    rats = "There are rats in the wall of our kitchen!"
    inquiry = hotline.post(hotline.users[0]["municipality"], None, rats, channel="web")
    expect(page.locator(".figure-main .figure-value")).to_have_text(str(before + 1), timeout=SLOW)
    expect(page.locator("#queue")).to_contain_text("Rotter og skadedyr", timeout=SLOW)
    page.click("#hold")
    expect(page.locator("#hold")).to_have_attribute("aria-pressed", "true")
    assert complaints.of == []
    hotline.hang_up(inquiry)


def test_a_viewer_sees_neither_the_queue_nor_other_municipalities(visit, hotline):
    viewer = hotline.one("viewer")
    others = (user["municipality"] for user in hotline.users if user["municipality"])
    other = next(code for code in others if code != viewer["municipality"])
    page = visit(viewer)
    for path in ("/queue", "/municipalities", "/desk", f"/municipalities/{other}/statistics"):
        assert page.goto(f"{hotline.url}{path}").status == 403


def test_signing_out_ends_the_session(visit, hotline):
    page = visit(hotline.one("secretariat"))
    cookie = page.context.cookies()
    page.get_by_role("button", name="Log ud").click()
    expect(page).to_have_url(f"{hotline.url}/sign-in")
    page.context.add_cookies(cookie)
    page.goto(f"{hotline.url}/queue")
    assert "/sign-in" in page.url
