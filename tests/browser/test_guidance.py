"""Beside the open inquiry stands what one must know to answer: searched, and put into answer and note."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.sizes import at_width

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained
RANDERS = "0730"


def test_an_agent_answers_by_the_guidance_of_the_citizen_s_municipality(agents_desk, visit, hotline, complaints):
    page = agents_desk
    hotline.post(RANDERS, "passport", "Mit pas udløber", channel="chat")
    expect(page.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    page.keyboard.press("F2")
    help = page.locator(".guidance")
    expect(help).to_contain_text("Gælder for Randers")
    assert violations(page) == []
    help.get_by_role("button", name="Indsæt i svar").click()
    answer = page.locator(".answer textarea")
    expect(answer).to_be_focused()
    assert answer.input_value().startswith("• Randers laver pas kun efter tidsbestilling på randers.dk")
    expect(page.locator(".answer .saved")).to_contain_text("Gemt")
    page.locator(".closure textarea").fill("Ringede:")
    help.get_by_role("searchbox").fill("kodevis")
    expect(help.locator("article")).to_contain_text("Kodeviser eller kodeoplæser")
    help.locator("article li").first.click(click_count=3)  # what is marked of it
    help.get_by_role("button", name="Indsæt i notat").click()
    note = page.locator(".closure textarea").input_value()
    assert note.startswith("Ringede:\nNy telefon: Hent appen") and note.endswith("ansigtsscanning: MitID app.")
    help.get_by_role("button", name="Kopiér").click()
    expect(page.locator("#announcement")).to_have_text("Kopieret.")
    help.locator("summary").click()
    help.get_by_label("Skriv det til redaktøren").fill("Hvad koster det?")
    help.get_by_role("button", name="Send").click()
    expect(help.locator(".guidance-wish")).to_contain_text("Tak.")
    note = page.locator(".closure textarea")
    note.fill("")
    note.press_sequentially("Sagt: /til /h")
    expect(page.locator("#ready-phrases [role=option]")).to_have_count(2)
    assert violations(page) == []
    note.press("ArrowDown")
    note.press("Enter")
    expect(note).to_have_value("Sagt: /til Venlig hilsen\nHotlinen")
    expect(page.locator("#ready-phrases")).to_be_hidden()
    at_width(page, 390, 844)
    page.click("#tab-help")
    expect(help.locator("article")).to_be_visible()
    assert violations(page) == []
    page.locator(".answer textarea").fill("")
    at_width(page, 1280)
    first = page.locator("#work").get_attribute("data-open")
    page.get_by_text("Ny sag fra borgeren…").click()
    page.get_by_role("button", name="Luk, og åbn den nye").click()
    expect(page.locator(".another .field-error").first).to_have_text("Vælg, hvordan det endte.")
    page.get_by_label("Hvordan endte det?").select_option("resolved")
    page.get_by_label("Hvad handler den nye om?").select_option("relocation")
    page.get_by_role("button", name="Luk, og åbn den nye").click()
    expect(page.locator(".inquiry-topic")).to_have_text("Flytning")
    assert hotline.state(first) == "closed" and page.locator("#work").get_attribute("data-open") != first
    editor = visit(hotline.one("secretariat"), "/guidance")
    wish = editor.locator(".wishes li", has_text="Hvad koster det?")
    wish.get_by_role("button").click()
    expect(wish).to_have_count(0)
    assert complaints.of == []
