"""What citizens, integrators and agents write is shown as words and nothing else, also where it holds markup."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.closing import close
from tests.browser.sizes import at_width

SLOW = 60_000  # milliseconds
MARKUP = '"><img src=x onerror="window.taken=1"><script>window.taken=1</script>{{7*7}}</textarea>'


def test_markup_is_shown_as_words_wherever_somebody_wrote_it(ready_desk, visit, hotline, complaints):
    take_in(
        hotline,
        text=f"{MARKUP} 010165-1237",
        citizen={"name": MARKUP, "email": f"{MARKUP}@example.dk", "phone": MARKUP[:40]},
        attributes={MARKUP: [MARKUP, {MARKUP: f"{MARKUP} 020270-1111"}], "subject": MARKUP},
        external_id=MARKUP,
    )
    expect(ready_desk.locator("[data-offer]")).to_contain_text(MARKUP, timeout=SLOW)
    ready_desk.keyboard.press("F2")
    inquiry = ready_desk.locator(".inquiry")
    expect(inquiry.locator(".words")).to_contain_text(MARKUP)
    expect(inquiry.locator(".citizen")).to_contain_text(MARKUP)
    expect(inquiry.locator(".value").first).to_contain_text(MARKUP)
    expect(inquiry.locator(".cpr-numbers")).to_contain_text(MARKUP)
    inquiry.locator(".cpr-numbers button").nth(1).click()
    expect(inquiry.locator(".words")).to_contain_text("010165-1237")
    ready_desk.locator(".closure textarea").fill(MARKUP)
    close(ready_desk)
    expect(ready_desk.locator(".calm")).to_be_visible()
    untouched(ready_desk)
    for path in ("/queue", "/privacy/lookups"):
        untouched(visit(hotline.one("administrator"), path))
    assert complaints.of == []


def test_an_inquiry_with_all_that_can_come_with_it_can_be_used_by_everybody(ready_desk, hotline, complaints):
    take_in(
        hotline,
        text="Mit nummer er 010165-1237, og min ordre hedder 020270-1111",
        citizen={"name": "Karla Opdigtet", "phone": "+4522113344", "cpr": "010165-1237"},
        attributes={"subject": "Pas 030380-2222", "transcript": [{"from": "bot", "text": "Hej"}]},
    )
    expect(ready_desk.locator("[data-offer]")).to_be_visible(timeout=SLOW)
    assert violations(ready_desk) == []
    expect(ready_desk.locator("[data-offer]")).to_be_visible()  # where looking took long, it lapsed and has come again
    ready_desk.keyboard.press("F2")
    expect(ready_desk.locator(".cpr-numbers li")).to_have_count(4)
    ready_desk.locator(".cpr-numbers li").nth(1).locator("button").first.click()
    expect(ready_desk.locator(".cpr-numbers li").nth(1)).to_contain_text("010165-1237")
    ready_desk.locator(".cpr-numbers li").nth(2).locator("button").nth(1).click()
    expect(ready_desk.locator(".words")).to_have_text("Mit nummer er [CPR], og min ordre hedder 020270-1111")
    # What was shown stays on screen.
    expect(ready_desk.locator(".cpr-numbers li").nth(1)).to_contain_text("010165-1237")
    assert violations(ready_desk) == []
    at_width(ready_desk, 360)
    assert violations(ready_desk) == []
    close(ready_desk)
    assert complaints.of == []


ARABIC = "جواز سفري منتهي الصلاحية، رقم 12"
LONG = "opdigtet_feltnavn_uden_mellemrum_i_et_langt_skema"


def test_a_text_from_right_to_left_reads_so_and_a_long_name_stands_beside_its_value(ready_desk, hotline, complaints):
    take_in(
        hotline,
        text=ARABIC,
        citizen={"name": ARABIC, "phone": "*21*90123456#", "email": "karla?bcc=all@example.com"},
        attributes={LONG: "værdi", ARABIC: [ARABIC, {ARABIC: ARABIC}], "kort": LONG},
    )
    words = ready_desk.locator("[data-offer] .words")
    expect(words).to_contain_text(ARABIC, timeout=SLOW)
    expect(words).to_have_css("direction", "rtl")
    ready_desk.keyboard.press("F2")
    inquiry = ready_desk.locator(".inquiry")
    expect(inquiry.locator(".words")).to_be_visible()
    note = inquiry.locator(".closure textarea")
    note.fill(ARABIC)
    parts = [
        ".words",
        f'dt:text-is("{ARABIC}")',
        ".value li:not(:has(ul)) >> nth=0",
        ".value li:not(:has(ul)) >> nth=1",
        ".citizen bdi >> nth=0",
    ]
    for part in [*parts, ".closure textarea"]:
        expect(inquiry.locator(part)).to_have_css("direction", "rtl")
    expect(inquiry.locator(f'dt:text-is("{LONG}")')).to_have_css("direction", "ltr")
    assert inquiry.locator("a[href^=tel], a[href^=mailto]").count() == 0
    for width in (1280, 360):
        at_width(ready_desk, width)
        assert ready_desk.evaluate(LYING_ON_EACH_OTHER) == [], width
    at_width(ready_desk, 1280)
    close(ready_desk)
    assert complaints.of == []


# The names of facts whose ink touches that of their values, also where it runs over its edge.
LYING_ON_EACH_OTHER = """() => {
    const ink = element => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect();
    };
    const rows = [...document.querySelectorAll(".inquiry .facts > div")];
    if (rows.length < 5) return ["too few"];
    return rows.filter(row => {
        const [name, value] = [row.querySelector("dt"), row.querySelector("dd")].map(ink);
        return name.right > value.left && name.bottom > value.top;
    }).map(row => row.textContent);
}"""


def take_in(hotline, **said):
    home = hotline.agent_for("passport")["municipality"]
    hotline.take_in({"channel": "chat", "municipality": home, "topic": "passport"} | said)


def untouched(page):
    """Nothing that somebody wrote has become part of the page."""
    assert page.evaluate("[window.taken, document.querySelectorAll('img[src=x]').length]") == [None, 0]
