"""What is on a desk, closed as an agent does it."""

from playwright.sync_api import expect


def close(desk, outcome="Løst"):
    """From whatever it is to its end."""
    card = desk.locator("article.inquiry")
    id = card.get_attribute("id")
    if "is-wrapping" not in card.get_attribute("class"):
        card.locator("button[data-key=F8]").click()
    expect(desk.locator(f"#{id}.is-wrapping")).to_be_visible()
    card.locator(".outcome label", has_text=outcome).click()
    card.locator("button[data-key=F9]").click()
    expect(desk.locator(f"#{id}")).to_have_count(0)


def close_all(desk):
    """Whatever is in hand."""
    while desk.locator("article.inquiry").count():
        close(desk)


def leave_nothing(desk, hotline, topic):
    """Neither in hand nor waiting with this topic, also where a test failed midway: the next one has an empty queue."""
    close_all(desk)
    hotline.hang_up_all(topic)
    while hotline.waiting(topic):
        desk.locator("[data-offer] [data-key=F2]").click()
        expect(desk.locator("article.inquiry")).to_be_visible()
        close_all(desk)
