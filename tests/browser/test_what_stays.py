"""A change shows itself around what an agent is doing, and takes nothing out of their hands."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.closing import close
from tests.browser.sizes import at_width
from tests.builders import Api

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained
CPR = "010165-1237"
WORDS = "Mit pas er udløbet, og jeg skal rejse til jul."


def taken(agents_desk, hotline, text=WORDS, channel="email"):
    """An inquiry in hand, and its card."""
    id = hotline.post(hotline.agent_for("passport")["municipality"], "passport", text, channel)
    expect(agents_desk.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    agents_desk.locator("[data-key=F2]").click()  # F2 a second time within 0.6 s is nothing
    card = agents_desk.locator(f"#inquiry-{id}")
    expect(card).to_be_visible()
    return card


def another_is_offered(agents_desk, hotline):
    """An event of the stream: one more inquiry is offered; its id."""
    id = hotline.post(hotline.agent_for("passport")["municipality"], "passport", "Og et til.", channel="email")
    expect(agents_desk.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    return id


def gone_again(agents_desk, hotline, inquiry):
    hotline.hang_up(inquiry)
    expect(agents_desk.locator("[data-offer]")).to_have_count(0)


def asked_by(agents_desk):
    """The requests of the desk from here on, as METHOD path."""
    asked = []
    agents_desk.on("request", lambda request: asked.append(f"{request.method} /{request.url.split('/', 3)[3]}"))
    return asked


def test_who_writes_keeps_focus_and_note_while_offers_come_and_go(agents_desk, hotline):
    note = taken(agents_desk, hotline).locator(".answer textarea")
    expect(note).to_be_focused()
    agents_desk.keyboard.type("først, sidst")
    for _ in range(len(", sidst")):
        agents_desk.keyboard.press("ArrowLeft")
    other = another_is_offered(agents_desk, hotline)
    agents_desk.keyboard.type(" og")
    gone_again(agents_desk, hotline, other)
    agents_desk.keyboard.type(" fremmest")
    expect(note).to_be_focused()
    expect(note).to_have_value("først og fremmest, sidst")


def test_two_chats_are_answered_beside_each_other(agents_desk, hotline, complaints):
    home = hotline.agent_for("passport")["municipality"]
    api = Api(hotline.url, hotline.key)
    ways = []
    for text in ("Er mit pas klar?", "Kan jeg få en tid?"):
        chat = hotline.post(home, "passport", text, channel="chat")
        ways.append(f"/inquiries/{chat}/messages")
        agents_desk.locator("[data-offer]").wait_for(timeout=SLOW)
        agents_desk.locator("[data-key=F2]").click()
        expect(agents_desk.locator(f"#inquiry-{chat} .answer textarea")).to_be_focused()
        assert api.post(ways[0], json={"text": f"Hallo, {CPR}?"}).status_code == 201
    agents_desk.locator("#mine .mine-card", has_text="ny besked").click()
    expect(agents_desk.locator(".message-citizen")).to_have_count(2)
    expect(agents_desk.locator(".message-citizen").first).to_contain_text("Hallo, [CPR]?")
    expect(agents_desk.locator(".mine-unread")).to_have_count(0)
    agents_desk.keyboard.press("Control+Enter")
    expect(agents_desk.locator(".answer .field-error")).to_have_text("Skriv et svar.")
    agents_desk.keyboard.type("Ja, fra kl. 10")
    expect(agents_desk.locator(".answer .saved")).to_contain_text("Gemt")
    agents_desk.reload()
    expect(agents_desk.locator(".answer textarea")).to_have_value("Ja, fra kl. 10")
    agents_desk.locator(".answer textarea").focus()
    agents_desk.keyboard.press("Control+Enter")
    expect(agents_desk.locator(".message-agent")).to_contain_text("Ja, fra kl. 10")
    expect(agents_desk.locator(".answer textarea")).to_have_value("")
    agents_desk.locator(".answer textarea").fill("Tag dit gamle pas med.")
    agents_desk.locator("[data-send]").click()
    expect(agents_desk.locator(".message-agent")).to_have_count(2)
    assert [one["text"] for one in api.get(ways[0]).json()][-2:] == ["Ja, fra kl. 10", "Tag dit gamle pas med."]
    assert violations(agents_desk) == []
    assert complaints.of == []


def test_marked_text_stays_marked(agents_desk, hotline):
    card = taken(agents_desk, hotline)
    card.locator(".words").select_text()
    marked = "getSelection().toString().trim()"
    assert agents_desk.evaluate(marked) == WORDS
    other = another_is_offered(agents_desk, hotline)
    assert agents_desk.evaluate(marked) == WORDS
    gone_again(agents_desk, hotline, other)
    assert agents_desk.evaluate(marked) == WORDS


def test_an_open_menu_stays_open_with_what_was_chosen_in_it(agents_desk, hotline):
    card = taken(agents_desk, hotline)
    card.locator(".transfer summary").click()
    select = card.locator("select[id^=transfer-]")
    select.select_option("mitid")
    other = another_is_offered(agents_desk, hotline)
    expect(card.locator("details.transfer")).to_have_attribute("open", "")
    expect(select).to_have_value("mitid")
    gone_again(agents_desk, hotline, other)
    expect(select).to_have_value("mitid")


def test_a_corrected_topic_is_what_a_transfer_begins_from(agents_desk, hotline):
    card = taken(agents_desk, hotline)
    card.locator(".correct summary").click()
    card.locator("select[id^=topic-]").select_option("mitid")
    with agents_desk.expect_response("**/api/v1/inquiries/*"):
        card.locator("form[hx-patch] button").click()
    expect(card.locator(".inquiry-topic")).to_have_text("MitID")
    expect(card.locator("select[id^=topic-]")).to_have_value("mitid")
    expect(card.locator("select[id^=transfer-]")).to_have_value("mitid")


def test_the_outcome_chosen_for_one_stays_when_another_comes_to_its_wrap_up(agents_desk, hotline):
    first = taken(agents_desk, hotline)
    first.locator("button[data-key=F8]").click()
    with agents_desk.expect_response("**/draft"):
        first.locator(".outcome label", has_text="Dublet").click()
    second = taken(agents_desk, hotline, "Og et til.")
    expect(first).to_have_count(0)
    second.locator("button[data-key=F8]").click()
    second.locator(".outcome label", has_text="Andet").click()
    agents_desk.locator(".mine-card:not([aria-current])").click()
    expect(first.locator("input[type=radio]:checked")).to_have_value("duplicate")
    first.locator("button[data-key=F9]").click()
    expect(first).to_have_count(0)
    expect(agents_desk.locator(".recent-list li").first).to_contain_text("Dublet")
    expect(second.locator("input[type=radio]:checked")).to_have_value("other")


def test_a_note_is_one_in_every_tab_and_outlives_reload_language_and_signing_out(agents_desk, hotline, complaints):
    card = taken(agents_desk, hotline, channel="phone")  # which nobody else can take over, and so stays
    other = agents_desk.context.new_page()
    complaints.listen_to(other, hotline.url)
    other.goto(f"{hotline.url}/desk")
    card.locator(".closure textarea").focus()
    with agents_desk.expect_response("**/draft"):
        agents_desk.keyboard.type("Har fået en tid på tirsdag, 010165-1237")
    expect(card.locator(".closure .saved")).to_contain_text("Gemt")
    kept = "Har fået en tid på tirsdag, [CPR]"
    expect(other.locator(".closure textarea")).to_have_value(kept)
    other.locator(".closure textarea").fill("Har fået en tid.")
    other.locator("main").click()
    agents_desk.locator(".closure textarea").fill("Har fået en tid på onsdag.")
    agents_desk.reload()  # at once, before it was kept by itself
    expect(agents_desk.locator(".closure textarea")).to_have_value("Har fået en tid på onsdag.")
    expect(other.locator(".closure textarea")).to_have_value("Har fået en tid på onsdag.")
    other.close()
    agents_desk.goto(f"{hotline.url}/language/en")
    agents_desk.goto(f"{hotline.url}/desk")
    expect(agents_desk.locator(".closure .saved")).to_contain_text("Saved")
    agents_desk.get_by_role("button", name="Sign out").click()
    expect(agents_desk.locator("main")).to_contain_text("It stays with you")
    agents_desk.locator("main button").click()
    expect(agents_desk).to_have_url(f"{hotline.url}/sign-in")
    agent = hotline.agent_for("passport")
    agents_desk.goto(f"{hotline.url}/language/da")
    agents_desk.goto(f"{hotline.url}/sign-in")
    agents_desk.fill("#username", agent["username"])
    agents_desk.fill("#password", agent["password"])
    agents_desk.keyboard.press("Enter")
    expect(agents_desk.locator(".closure textarea")).to_have_value("Har fået en tid på onsdag.")
    assert complaints.of == []


# Each key twice within a tenth of a second, the focus nowhere and then in every place of the page.
EACH_KEY_TWICE = """keys => {
    const all = "a[href], button:not(:disabled), textarea, select, summary, input";
    const places = [document.body, ...document.querySelectorAll(all)];
    let now = performance.now();
    for (const place of places) {
        document.activeElement.blur();
        place.focus();
        for (const key of keys) {
            for (const since of [1000, 100]) {
                const event = new KeyboardEvent("keydown", { key, bubbles: true });
                Object.defineProperty(event, "timeStamp", { value: (now += since) });
                (document.activeElement ?? document.body).dispatchEvent(event);
            }
        }
    }
    return places.length;
}"""


def test_a_key_acts_on_the_open_inquiry_alone_and_once(agents_desk, hotline):
    first = taken(agents_desk, hotline).get_attribute("id").removeprefix("inquiry-")
    second = taken(agents_desk, hotline, "Og et til.").get_attribute("id").removeprefix("inquiry-")
    done = []
    agents_desk.on("request", lambda request: done.append(request) if request.method != "GET" else None)
    agents_desk.keyboard.press("F8")
    expect(agents_desk.locator(".is-wrapping")).to_be_visible()
    agents_desk.keyboard.press("F8")  # nor does it end the other's talk
    assert agents_desk.evaluate(EACH_KEY_TWICE, ["F8", "F9"]) > 20
    agents_desk.locator(".outcomes .field-error:not(:empty)").wait_for()
    agents_desk.locator(".outcome label").last.click()
    agents_desk.evaluate(EACH_KEY_TWICE, ["F9", "F8"])
    expect(agents_desk.locator(f"#inquiry-{second}")).to_have_count(0)
    expect(agents_desk.locator(f"#inquiry-{first} .answer textarea")).to_be_focused()
    asked = [one.url.partition("/inquiries/")[2] for one in done]
    assert asked.count(f"{second}/wrap-up") == asked.count(f"{second}/closure") == 1
    assert [one for one in asked if one.startswith(first)] == []
    assert (hotline.state(first), hotline.state(second)) == ("handling", "closed")


# Of name, topic, first 300 characters, note and next step those that do not lie open to the eye.
OUT_OF_SIGHT = """() => {
    const words = document.querySelector(".inquiry .words");
    const first = document.createRange();
    first.setStart(words.firstChild, 0);
    first.setEnd(words.firstChild, 300);
    const lines = [...first.getClientRects()];
    const parts = [".inquiry h2", ".inquiry-topic", ".answer textarea", ".closure textarea", ".next .button-primary"];
    const wanted = parts.map((part) => {
        const one = document.querySelector(part);
        return [part, one, one.getBoundingClientRect()];
    });
    wanted.push(...[lines[0], lines.at(-1)].map((line) => [".words", words, line]));
    return wanted.filter(([, one, { left, right, top, bottom }]) => {
        const inside = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
        return !inside || !one.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    }).map(([part]) => part);
}"""
LONG = "Jeg har købt en ny telefon, og nu kan jeg ikke komme ind med mit gamle pas. " * 9


def test_what_an_agent_needs_is_in_sight_together_in_every_phase(agents_desk, hotline):
    at_width(agents_desk, 1366, 625)
    card = taken(agents_desk, hotline, LONG)
    assert agents_desk.evaluate(OUT_OF_SIGHT) == []
    agents_desk.keyboard.press("F8")
    expect(card.locator(".outcomes")).to_be_visible()
    assert agents_desk.evaluate(OUT_OF_SIGHT) == []
    agents_desk.keyboard.press("F9")
    expect(card.locator(".outcomes .field-error")).to_have_text("Vælg, hvordan det endte.")
    assert agents_desk.evaluate(OUT_OF_SIGHT) == []
    for width, height in ((1024, 768), (1440, 900)):
        at_width(agents_desk, width, height)
        assert agents_desk.evaluate(OUT_OF_SIGHT) == [], width


def test_a_closure_is_taken_back_at_once_and_later_from_todays_list(agents_desk, hotline):
    card = taken(agents_desk, hotline)
    inquiry = card.get_attribute("id").removeprefix("inquiry-")
    close(agents_desk)
    undo = agents_desk.locator(f"#undo-{inquiry}")
    expect(undo).to_contain_text("Lukket som Løst.")
    undo.get_by_role("button", name="Fortryd").click()
    expect(card).to_be_visible()
    assert hotline.state(inquiry) == "wrapping"
    expect(undo).to_have_count(0)
    close(agents_desk, "Henvist")
    expect(undo).to_be_hidden(timeout=20_000)
    agents_desk.locator(f"#recent-{inquiry}").get_by_role("button", name="Åbn igen").click()
    expect(card.locator(".closure textarea")).to_be_focused()


def test_an_offer_lies_over_the_desk_and_moves_nothing(agents_desk, hotline):
    card = taken(agents_desk, hotline, LONG)
    for width, height, high in ((1366, 625, 136), (390, 844, 216)):
        at_width(agents_desk, width, height)
        agents_desk.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        before = card.bounding_box()
        other = another_is_offered(agents_desk, hotline)
        assert card.bounding_box() == before
        band = agents_desk.locator(".offer").bounding_box()
        assert band["y"] >= 0 and band["y"] + band["height"] <= height and band["height"] == high
        for part in ("h2", ".labels", ".why", ".words", "[data-key=F2]", "[data-key=F4]"):
            expect(agents_desk.locator(f".offer {part}")).to_be_in_viewport(ratio=0.9)
        gone_again(agents_desk, hotline, other)
    at_width(agents_desk, 1280)


def test_a_click_is_one_request_and_an_event_of_the_stream_one_look(agents_desk, hotline):
    card = taken(agents_desk, hotline)
    agents_desk.wait_for_timeout(1000)
    asked = asked_by(agents_desk)
    with agents_desk.expect_response("**/wrap-up"):
        agents_desk.keyboard.press("F8")
    expect(card.locator("button[data-key=F9]")).to_be_visible()
    agents_desk.wait_for_timeout(3000)  # the stream has told of it, and looks again every two seconds
    assert [one.rpartition("/")[2] for one in asked] == ["wrap-up"]
    asked.clear()
    other = another_is_offered(agents_desk, hotline)
    agents_desk.wait_for_timeout(3000)
    assert asked == ["GET /desk/parts"]
    gone_again(agents_desk, hotline, other)


def test_without_scripts_the_desk_says_so(chromium, hotline):
    agent = hotline.agent_for("passport")
    context = chromium.new_context(java_script_enabled=False, locale="da-DK")
    page = context.new_page()
    page.goto(f"{hotline.url}/desk")
    page.fill("#username", agent["username"])
    page.fill("#password", agent["password"])
    page.keyboard.press("Enter")
    said = page.locator("noscript p")  # Playwright looks for no words in there
    expect(said).to_be_visible()
    assert said.inner_text().startswith("Siden her bruger JavaScript")
    context.close()
