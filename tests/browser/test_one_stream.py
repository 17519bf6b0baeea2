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


@pytest.mark.parametrize("alone", [False, True], ids=["shared", "the first tab closed"])
def test_an_offer_is_seen_in_eight_tabs_and_the_ninth_loads(desk, hotline, complaints, alone):
    first, *others = more_tabs(desk, TABS - 1, complaints, hotline)
    if alone:
        first.close()
        desk.goto(f"{hotline.url}/account")  # the tab that had begun the stream shows the desk no more
    shown = others if alone else [desk, first, *others]
    inquiry = hotline.post(home(hotline), "passport", channel="email")
    for tab in shown:
        expect(tab.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
        expect(tab.locator("#lost")).to_be_hidden()
    [ninth] = more_tabs(desk, 1, complaints, hotline)
    expect(ninth.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
    hotline.hang_up(inquiry)
    for tab in [*shown, ninth]:
        expect(tab.locator("[data-offer]")).to_have_count(0)
    desk.goto(f"{hotline.url}/desk")
    assert complaints.of == []


def test_a_browser_without_shared_workers_has_a_stream_in_each_tab(desk, hotline, complaints):
    desk.add_init_script("delete window.SharedWorker")
    desk.reload()
    [other] = more_tabs(desk, 1, complaints, hotline)
    inquiry = hotline.post(home(hotline), "passport", channel="email")
    for tab in (desk, other):
        expect(tab.locator("[data-offer]").first).to_be_visible(timeout=SLOW)
    hotline.hang_up(inquiry)
    for tab in (desk, other):
        expect(tab.locator("[data-offer]")).to_have_count(0)
    assert complaints.of == []


def test_what_is_not_answered_within_five_seconds_says_so_until_it_is(desk):
    held = []
    desk.route("**/desk/parts", lambda route: held.append(route), times=1)
    desk.evaluate("htmx.trigger(document.body, 'desk-look')")
    expect(desk.locator("#notices #slow")).to_contain_text("Hotlinen har ikke svaret endnu")
    held[0].continue_()
    expect(desk.locator("#slow")).to_have_count(0)


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
