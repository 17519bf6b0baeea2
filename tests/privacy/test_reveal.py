"""CPR numbers taken out of a text: shown to the agent who has the inquiry, put back where they were none."""

import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline.access.sessions import csrf_token
from hotline.handling import identity
from hotline.handling.state import state_of
from hotline.intake.models import Inquiry
from hotline.privacy.models import Lookup
from tests.builders import HJORRING, Api, a_key, a_pool, an_agent, signed_in
from tests.building import owner, transaction
from tests.offers.desk import look_at, offer_of
from workers.route import route

TEXT = "Sag [CPR] og 010165-1237, ordre 0202701111, igen 03.03.80-2222"
REDACTED = "Sag [CPR] og [CPR], ordre [CPR], igen [CPR]"


@pytest.fixture
def taken(web):
    """An inquiry with three numbers in its text and one given, in an agent's hands: its id and the agent's client."""
    a_pool(keep_cpr=True)
    agent_id, username = an_agent(presence="available", connected=True)
    pbx = Api(web, a_key())
    said = {"channel": "web", "municipality": HJORRING, "text": TEXT, "citizen": {"cpr": "040490 3333"}}
    inquiry = pbx.post("/inquiries", json=said).json()["id"]
    with transaction() as session:
        session.execute(
            text("UPDATE inquiry SET state = 'waiting', topic = 'passport', speaks = '*', deadline = queued_at")
        )
    agent = signed_in(web, username)
    assert route() == 1
    assert agent.post(f"/offers/{offer_of(inquiry).id}/acceptance").status_code == 200
    return inquiry, agent, agent_id


def looks(agent_id):
    with transaction() as session:
        found = session.exec(select(Lookup).order_by(Lookup.id)).all()
    assert {one.person_id for one in found} == {agent_id}
    return [(one.what, one.why) for one in found]


def test_each_number_is_shown_as_it_was_written_and_each_look_is_journalled(taken):
    inquiry, agent, agent_id = taken
    assert look_at(Inquiry, inquiry).text == REDACTED
    [held] = agent.get("/me").json()["inquiries"]
    assert held["cpr"] == [0, 2, 3, 4]  # the first token of the text is the citizen's own word
    for n, number in ((0, "040490 3333"), (2, "010165-1237"), (3, "0202701111"), (4, "03.03.80-2222")):
        answer = agent.post(f"/inquiries/{inquiry}/cpr/{n}/reveal", json={"reason": f"nr {n}, ikke 010165-1237"})
        assert (answer.status_code, answer.json()) == (200, {"number": number})
        assert answer.headers["cache-control"] == "no-store"
    assert looks(agent_id) == [("opened", None), *(("revealed", f"nr {n}, ikke [CPR]") for n in (0, 2, 3, 4))]
    for missing in (1, 5):
        assert agent.post(f"/inquiries/{inquiry}/cpr/{missing}/reveal").status_code == 404


def test_a_false_hit_comes_back_where_it_stood_and_nothing_of_it_is_kept(taken):
    inquiry, agent, agent_id = taken
    assert agent.post(f"/inquiries/{inquiry}/cpr/3/undo").status_code == 204
    assert look_at(Inquiry, inquiry).text == "Sag [CPR] og [CPR], ordre 0202701111, igen [CPR]"
    assert agent.post(f"/inquiries/{inquiry}/cpr/2/undo").status_code == 204
    assert agent.post(f"/inquiries/{inquiry}/cpr/4/undo").status_code == 204
    assert look_at(Inquiry, inquiry).text == TEXT
    assert agent.post(f"/inquiries/{inquiry}/cpr/3/undo").status_code == 404
    assert agent.post(f"/inquiries/{inquiry}/cpr/0/undo").status_code == 422
    [held] = agent.get("/me").json()["inquiries"]
    assert held["cpr"] == [0]
    assert [what for what, _ in looks(agent_id)] == ["opened", "undone", "undone", "undone"]
    with owner().connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM kept_cpr WHERE coalesce(sealed, number_hash) IS NOT NULL"))
        assert kept.scalar_one() == 0


def test_only_who_has_it_in_hand_sees_a_number(taken, web):
    inquiry, agent, agent_id = taken
    stranger = signed_in(web, an_agent()[1])
    for what in ("reveal", "undo"):
        assert stranger.post(f"/inquiries/{inquiry}/cpr/2/{what}").status_code == 404
    assert agent.post(f"/inquiries/{inquiry}/closure", json={"outcome": "resolved"}).status_code == 200
    for what in ("reveal", "undo"):
        assert agent.post(f"/inquiries/{inquiry}/cpr/2/{what}").status_code == 409
    assert looks(agent_id) == [("opened", None)]


def test_the_console_shows_a_number_on_request(taken, web):
    inquiry, agent, _ = taken
    browser = Api(web).http
    browser.base_url = web
    browser.cookies.set("hotline_session", agent.token)
    page = browser.get("/desk").text
    way = f"/inquiries/{inquiry}/cpr/2"
    assert f'hx-post="{way}/reveal"' in page and f'hx-post="{way}/undo"' in page
    assert f"/inquiries/{inquiry}/cpr/0/undo" not in page and "010165-1237" not in page
    told = {"X-CSRF-Token": csrf_token(agent.token)}
    assert "010165-1237" in browser.post(f"{way}/reveal", headers=told).text
    assert browser.post(f"{way}/undo", headers=told).status_code == 204
    assert "Sag [CPR] og 010165-1237, ordre [CPR]" in browser.get("/desk/work").text


def test_where_the_collaboration_does_not_keep_numbers_nothing_of_them_is_stored(web):
    a_pool()
    pbx = Api(web, a_key())
    pbx.post("/inquiries", json={"channel": "web", "municipality": HJORRING, "text": TEXT})
    with owner().connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM kept_cpr")).scalar_one() == 0
        assert connection.execute(text("SELECT text FROM inquiry")).scalar_one() == REDACTED


def test_drawing_the_desk_again_is_no_second_look(taken):
    _, agent, agent_id = taken
    for _ in range(3):
        agent.get("/me")
    with transaction() as session:
        assert state_of(session, agent_id)["inquiries"][0]["cpr"][0] == identity.GIVEN
    assert looks(agent_id) == [("opened", None)]
