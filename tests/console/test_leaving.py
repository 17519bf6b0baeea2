"""Signing out with work in hand asks first, and gives back what can wait for somebody else."""

from sqlmodel import select

from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry
from hotline.inquiries.notes import Note
from hotline.offers.actions import accept
from hotline.queue.run import route
from tests.builders import an_agent, signed_in
from tests.building import transaction
from tests.handling.test_leads import browser_of
from tests.offers.doing import a_journalled_inquiry, by, look_at, offer_of, sound


def test_what_is_in_hand_is_asked_about_and_given_back_with_what_was_written_of_it(web):
    agent, username = an_agent(presence="available", connected=True)
    api = signed_in(web, username)
    browser = browser_of(web, api)
    chats = [a_journalled_inquiry(channel="chat") for _ in range(2)]
    for _ in chats:
        route()
    for chat in chats:
        by(agent, accept, offer_of(chat).id)
    assert api.put(f"/inquiries/{chats[0]}/draft", json={"note": "Mangler foto"}).status_code == 204
    asked = browser.post("/desk/sign-out")
    assert (asked.status_code, asked.headers["hx-redirect"]) == (204, "/desk/sign-out")
    shown = browser.get("/desk/sign-out").text
    assert shown.count("Borger fra Hjørring") == 2 and "tilbage til køen" in shown
    assert look_at(Inquiry, chats[0]).state == "handling" and api.get("/me").status_code == 200
    gone = browser.post("/desk/sign-out", data={"give": "true"})
    assert (gone.status_code, gone.headers["hx-redirect"]) == (204, "/sign-in")
    assert api.get("/me").status_code == 401
    assert [look_at(Inquiry, chat).state for chat in chats] == ["waiting", "waiting"]
    with transaction() as session:
        [note] = session.exec(select(Note)).all()
        released = session.exec(select(JournalLine).where(JournalLine.event == "released")).all()
    assert (note.inquiry_id, note.text) == (chats[0], "Mangler foto")
    assert {line.data["reason"] for line in released} == {"agent signed out"} and len(released) == 2
    sound()


def test_a_call_stays_and_with_nothing_in_hand_nobody_is_asked(web):
    agent, username = an_agent(presence="available", connected=True)
    call = a_journalled_inquiry(channel="phone")
    assert route() == 1
    by(agent, accept, offer_of(call).id)
    browser = browser_of(web, signed_in(web, username))
    assert browser.post("/desk/sign-out").headers["hx-redirect"] == "/desk/sign-out"
    assert "Et opkald kan ingen anden overtage" in browser.get("/desk/sign-out").text
    assert browser.post("/desk/sign-out", data={"give": "true"}).headers["hx-redirect"] == "/sign-in"
    assert look_at(Inquiry, call).state == "handling"
    nothing = browser_of(web, signed_in(web, an_agent()[1]))
    assert nothing.post("/desk/sign-out").headers["hx-redirect"] == "/sign-in"
