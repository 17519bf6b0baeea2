"""One look is one request and one statement, and what is done answers with the desk as it stands then."""

import json
import re

import pytest
from sqlalchemy import text

from hotline.access.sessions import csrf_token
from hotline.directory.models import Person
from hotline.inquiries.models import Inquiry
from tests.builders import Api, signed_in
from tests.building import heard, owner, transaction
from tests.offers.doing import an_offer, look_at

CITIZENS_AND_QUEUE = re.compile(r"\b(FROM|JOIN)\s+(inquiry|offer|note|kept_cpr|topic|municipality)\b", re.IGNORECASE)
VERSION = re.compile(r'data-version="(\w+)"')


@pytest.fixture
def asked(web, with_facts):
    """An agent with an offer: its id, the inquiry, and the agent's client with the cookie, as their page has it."""
    offer_id, agent_id, inquiry_id = an_offer()
    with transaction() as session:
        username = session.get_one(Person, agent_id).username
    api = signed_in(web, username)
    browser = Api(web).http
    browser.base_url = web
    browser.cookies.set("hotline_session", api.token)
    browser.headers.update({"X-CSRF-Token": csrf_token(api.token), "HX-Request": "true"})
    return offer_id, inquiry_id, browser, api


@pytest.fixture
def statements():
    """What the web process says to the database through its transactions."""
    with heard() as said:
        yield said


def test_one_look_is_one_statement(asked, statements):
    _, _, browser, _ = asked
    statements.clear()
    look = browser.get("/desk/parts")
    assert look.status_code == 200 and 'data-offer="' in look.text
    assert len([one for one, _ in statements if CITIZENS_AND_QUEUE.search(one)]) == 1
    for part in ('id="presence"', 'id="recent"', 'id="work"'):
        assert part in look.text


def test_an_agents_program_is_answered_the_short_way_as_at_length_and_its_use_is_written_down(asked, statements):
    offer_id, _, browser, api = asked
    assert api.post(f"/offers/{offer_id}/acceptance").status_code == 200
    del browser.headers["HX-Request"]
    looks, came_in = [], []
    for read in (api.get, browser.get):
        statements.clear()
        looks.append(read("/api/v1/me" if read == browser.get else "/me"))
        came_in.append([one for one, _ in statements if "FROM sign_in_session" in one or "JOIN sign_in_session" in one])
    soon, at_length = looks
    assert came_in[0] == [] != came_in[1]  # or it was not the short way
    assert (soon.status_code, soon.content) == (200, at_length.content) and soon.json()["inquiries"]
    assert soon.headers["content-type"] == at_length.headers["content-type"]
    seen = text("SELECT seen_at < now() - interval '30 seconds' FROM sign_in_session")
    for change, status in (("seen_at = now() - interval '2 minutes'", 200), ("ends_at = now()", 401)):
        with owner().begin() as connection:
            connection.execute(text(f"UPDATE sign_in_session SET {change}"))
        assert api.get("/me").status_code == status
        with owner().begin() as connection:
            assert connection.execute(seen).scalars().all() == [False]


def test_what_is_done_answers_a_page_with_the_desk_and_a_program_with_json(asked):
    offer_id, inquiry_id, browser, api = asked
    taken = browser.post(f"/api/v1/offers/{offer_id}/acceptance", json={})
    assert taken.status_code == 200 and f'id="inquiry-{inquiry_id}"' in taken.text
    wrapped = browser.post(f"/api/v1/inquiries/{inquiry_id}/wrap-up")
    assert f'id="close-{inquiry_id}"' in wrapped.text
    on_break = browser.put("/api/v1/me/presence", json={"state": "break"})
    assert 'id="presence-break"' in on_break.text
    assert api.post(f"/inquiries/{inquiry_id}/wrap-up").json()["state"] == "wrapping"
    closed = browser.post(f"/api/v1/inquiries/{inquiry_id}/closure", json={"outcome": "resolved", "note": "Svar givet"})
    assert closed.status_code == 200 and f'id="inquiry-{inquiry_id}"' not in closed.text
    assert "recent-topic" in closed.text
    assert look_at(Inquiry, inquiry_id).state == "closed"


def test_a_refusal_shows_the_desk_without_the_offer(asked):
    offer_id, _, browser, _ = asked
    refused = browser.post(f"/api/v1/offers/{offer_id}/refusal", json={})
    assert refused.status_code == 200
    assert "data-offer=" not in refused.text and VERSION.search(refused.text)


def test_what_an_answer_shows_is_what_the_next_look_shows_and_what_the_stream_tells(asked):
    offer_id, _, browser, api = asked
    shown = VERSION.search(browser.post(f"/api/v1/offers/{offer_id}/acceptance", json={}).text)[1]
    assert VERSION.search(browser.get("/desk/parts").text)[1] == shown
    with api.http.stream("GET", "/me/events", headers={"Accept": "text/event-stream"}) as stream:
        told = next(line for line in stream.iter_lines() if line.startswith("id: "))
    assert told == f"id: {shown}"


def test_what_is_refused_is_a_notice_for_a_page_and_a_problem_for_a_program(asked):
    offer_id, _, browser, api = asked
    assert api.post(f"/offers/{offer_id}/refusal").status_code == 204
    late = browser.post(f"/api/v1/offers/{offer_id}/acceptance", json={})
    assert late.status_code == 409 and 'class="notice"' in late.text
    assert late.headers["HX-Retarget"] == "#notices"
    assert json.loads(api.post(f"/offers/{offer_id}/acceptance").text)["type"] == "/problems/offer-gone"


def test_the_stream_of_the_page_s_own_address_tells_of_the_offer(asked):
    offer, _, browser, _ = asked
    address = re.search(r'data-events="([^"]+)"', browser.get("/desk").text)[1]
    del browser.headers["HX-Request"]  # an event stream has no headers of its own
    with browser.stream("GET", address) as told:
        assert told.status_code == 200
        lines = (line for line in told.iter_lines() if line.startswith("data: "))
        assert any(json.loads(line[6:]).get("id") == offer for line in lines)
