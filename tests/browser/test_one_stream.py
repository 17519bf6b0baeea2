"""Many tabs of one browser share one stream, so that each sees an offer and the next one still loads."""

import pytest
from playwright.sync_api import expect

SLOW = 120_000  # milliseconds; the first text of all waits until the classifier has been trained
TABS = 8


def more_tabs(desk, count, complaints, hotline):
    tabs = []
    for _ in range(count):
        tab = desk.context.new_page()
        complaints.listen_to(tab, hotline.url)
        tab.goto(f"{hotline.url}/desk")
        tabs.append(tab)
    return tabs


def home(hotline):
    return hotline.agent_for("passport")["municipality"]


def test_an_offer_is_seen_in_eight_tabs_and_the_ninth_loads_also_without_the_first(ready_desk, hotline, complaints):
    first, *others = more_tabs(ready_desk, TABS - 1, complaints, hotline)
    shown = [ready_desk, first, *others]
    for alone in (False, True):
        if alone:
            first.close()
            ready_desk.goto(f"{hotline.url}/account")  # the tab that had begun the stream shows the desk no more
            shown = others
        inquiry = hotline.post(home(hotline), "passport", channel="email")
        for tab in shown:
            expect(tab.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
            expect(tab.locator("#lost")).to_be_hidden()
        [ninth] = more_tabs(ready_desk, 1, complaints, hotline)
        expect(ninth.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
        hotline.hang_up(inquiry)
        for tab in [*shown, ninth]:
            expect(tab.locator("[data-offer]")).to_have_count(0)
        ninth.close()
    ready_desk.goto(f"{hotline.url}/desk")
    assert complaints.of == []


def test_a_browser_without_shared_workers_has_a_stream_in_each_tab(ready_desk, hotline, complaints):
    ready_desk.add_init_script("delete window.SharedWorker")
    ready_desk.reload()
    [other] = more_tabs(ready_desk, 1, complaints, hotline)
    inquiry = hotline.post(home(hotline), "passport", channel="email")
    for tab in (ready_desk, other):
        expect(tab.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
    hotline.hang_up(inquiry)
    for tab in (ready_desk, other):
        expect(tab.locator("[data-offer]")).to_have_count(0)
    assert complaints.of == []


def test_what_is_not_answered_within_five_seconds_says_so_until_it_is(ready_desk):
    held = []
    ready_desk.route("**/desk/parts", lambda route: held.append(route), times=1)
    ready_desk.evaluate("htmx.trigger(document.body, 'desk-look')")
    expect(ready_desk.locator("#notices #slow")).to_contain_text("Hotlinen har ikke svaret endnu")
    held[0].continue_()
    expect(ready_desk.locator("#slow")).to_have_count(0)


@pytest.mark.parametrize("workers", ["shared", "none"])
def test_a_desk_in_whose_browser_somebody_else_signs_in_says_who_that_is(visit, hotline, workers):
    desk = visit(hotline.agent_for("passport"))
    if workers == "none":
        desk.add_init_script("delete window.SharedWorker")
        desk.reload()
    other = hotline.one("secretariat")
    tab = desk.context.new_page()
    tab.goto(f"{hotline.url}/sign-in")
    tab.fill("#username", other["username"])
    tab.fill("#password", other["password"])
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{hotline.url}/queue")
    expect(desk.locator("main")).to_contain_text("er nu logget ind i denne browser")
