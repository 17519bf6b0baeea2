"""A change shows itself around what an agent is doing, and takes nothing out of their hands."""

from playwright.sync_api import expect

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained
WORDS = "Mit pas er udløbet, og jeg skal rejse til jul."


def taken(agents_desk, hotline, text=WORDS):
    """An inquiry in hand, and its card."""
    id = hotline.post(hotline.agent_for("passport")["municipality"], "passport", text, channel="email")
    expect(agents_desk.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    agents_desk.keyboard.press("F2")
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
    note = taken(agents_desk, hotline).locator("textarea")
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
    card.locator("[id^=more-] summary").click()
    select = card.locator("select[id^=transfer-]")
    select.select_option("mitid")
    other = another_is_offered(agents_desk, hotline)
    expect(card.locator("details[id^=more-]")).to_have_attribute("open", "")
    expect(select).to_have_value("mitid")
    gone_again(agents_desk, hotline, other)
    expect(select).to_have_value("mitid")


def test_a_corrected_topic_is_what_a_transfer_begins_from(agents_desk, hotline):
    card = taken(agents_desk, hotline)
    card.locator("[id^=more-] summary").click()
    card.locator("select[id^=topic-]").select_option("mitid")
    with agents_desk.expect_response("**/api/v1/inquiries/*"):
        card.locator("form[hx-patch] button").click()
    expect(card.locator("h2")).to_contain_text("MitID")
    expect(card.locator("select[id^=topic-]")).to_have_value("mitid")
    expect(card.locator("select[id^=transfer-]")).to_have_value("mitid")


def test_the_outcome_chosen_for_one_stays_when_another_comes_to_its_wrap_up(agents_desk, hotline):
    first = taken(agents_desk, hotline)
    first.locator("button[data-key=F8]").click()
    first.get_by_label("Dublet").check()
    second = taken(agents_desk, hotline, "Og et til.")
    second.locator("button[data-key=F8]").click()
    expect(second.locator("input[type=radio]:checked")).to_have_value("resolved")
    expect(first.locator("input[type=radio]:checked")).to_have_value("duplicate")
    second.get_by_label("Andet").check()
    first.locator("button[data-key=F9]").click()
    expect(first).to_have_count(0)
    expect(agents_desk.locator(".recent-list li").first).to_contain_text("Dublet")
    expect(second.locator("input[type=radio]:checked")).to_have_value("other")


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
