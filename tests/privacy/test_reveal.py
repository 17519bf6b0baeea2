"""CPR numbers taken out of a text: shown to the agent who has the inquiry, put back where they were none."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis.strategies import dictionaries, integers, lists, recursive, sampled_from
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from hotline.access.sessions import csrf_token
from hotline.console.state import state_of
from hotline.handling import cpr_numbers as identity
from hotline.inquiries.models import Inquiry
from hotline.inquiries.notes import Note
from hotline.privacy import hits
from hotline.privacy.models import Lookup
from hotline.privacy.vault import unseal
from hotline.queue.run import route
from tests.builders import HJORRING, Api, a_key, a_pool, an_agent, signed_in
from tests.building import owner, transaction
from tests.offers.doing import look_at, offer_of

TEXT = "Sag [CPR] og 010165-1237, kvittering 0202701111, igen 03.03.80-2222"
REDACTED = "Sag [CPR] og [CPR], kvittering [CPR], igen [CPR]"


@pytest.fixture
def taken(web):
    """Three numbers in the text and one given, in an agent's hands: its id, and the agent's client and id."""
    return in_hands(web, keep_cpr=True)


def in_hands(web, attributes=None, **rules):
    a_pool(**rules)
    agent_id, username = an_agent(presence="available", connected=True)
    said = {"channel": "web", "municipality": HJORRING, "text": TEXT, "citizen": {"cpr": "040490 3333"}}
    answer = Api(web, a_key()).post("/inquiries", json=said | {"attributes": attributes or {}})
    assert answer.status_code == 201
    inquiry = answer.json()["id"]
    with transaction() as session:
        session.execute(
            text("UPDATE inquiry SET state = 'waiting', topic = 'passport', speaks = '*', deadline = queued_at")
        )
    agent = signed_in(web, username)
    assert route() == 1
    assert agent.post(f"/offers/{offer_of(inquiry).id}/acceptance").status_code == 200
    return inquiry, agent, agent_id


def places(held):
    return [(hit["n"], hit["place"], hit["at"]) for hit in held["cpr"]]


def notes(inquiry):
    with transaction() as session:
        return [note.text for note in session.exec(select(Note).where(Note.inquiry_id == inquiry)).all()]


def name_of(agent):
    return agent.get("/me").json()["name"]


def console(web, agent):
    """The agent's browser, without its scripts."""
    browser = Api(web).http
    browser.base_url = web
    browser.cookies.set("hotline_session", agent.token)
    browser.headers["X-CSRF-Token"] = csrf_token(agent.token)
    return browser


def looks(agent_id):
    with transaction() as session:
        found = session.exec(select(Lookup).order_by(Lookup.id)).all()
    assert {one.person_id for one in found} == {agent_id}
    return [(one.what, one.why) for one in found]


def test_each_number_is_shown_as_it_was_written_and_each_look_is_journalled(taken):
    inquiry, agent, agent_id = taken
    assert look_at(Inquiry, inquiry).text == REDACTED
    [held] = agent.get("/me").json()["inquiries"]
    # The first token of the text is the citizen's own word.
    assert places(held) == [(0, "citizen", 1), (1, "text", 2), (2, "text", 3), (3, "text", 4)]
    for n, number in ((0, "040490 3333"), (1, "010165-1237"), (2, "0202701111"), (3, "03.03.80-2222")):
        answer = agent.post(f"/inquiries/{inquiry}/cpr/{n}/reveal", json={"reason": f"nr {n}, ikke 010165-1237"})
        assert (answer.status_code, answer.json()) == (200, {"number": number})
        assert answer.headers["cache-control"] == "no-store"
    assert looks(agent_id) == [("opened", None), *(("revealed", f"nr {n}, ikke [CPR]") for n in (0, 1, 2, 3))]
    for missing in (4, 5):
        assert agent.post(f"/inquiries/{inquiry}/cpr/{missing}/reveal").status_code == 404


@pytest.mark.parametrize("column, value", [("at", "now()"), ("who", "'person 1'"), ("person_id", "1")])
def test_who_looked_and_when_is_said_by_the_transaction_alone(taken, column, value):
    inquiry, agent, agent_id = taken
    assert agent.post(f"/inquiries/{inquiry}/cpr/1/reveal").status_code == 200
    with transaction() as session:
        opened, revealed = session.exec(select(Lookup).order_by(Lookup.id)).all()
    assert {one.who for one in (opened, revealed)} == {f"person {agent_id}"}
    assert {one.person_id for one in (opened, revealed)} == {agent_id}
    for statement in (
        f"INSERT INTO lookup ({column}, what) VALUES ({value}, 'searched')",
        f"UPDATE lookup SET {column} = {value}",
    ):
        with pytest.raises(ProgrammingError), transaction() as session:
            session.execute(text(statement))


def test_a_false_hit_comes_back_where_it_stood_and_nothing_of_it_is_kept(taken):
    inquiry, agent, agent_id = taken
    assert agent.post(f"/inquiries/{inquiry}/cpr/2/undo").status_code == 204
    assert look_at(Inquiry, inquiry).text == "Sag [CPR] og [CPR], kvittering 0202701111, igen [CPR]"
    [held] = agent.get("/me").json()["inquiries"]
    assert places(held) == [(0, "citizen", 1), (1, "text", 2), (3, "text", 3)]
    assert agent.post(f"/inquiries/{inquiry}/cpr/1/undo").status_code == 204
    assert agent.post(f"/inquiries/{inquiry}/cpr/3/undo").status_code == 204
    assert look_at(Inquiry, inquiry).text == TEXT
    assert agent.post(f"/inquiries/{inquiry}/cpr/2/undo").status_code == 404
    assert agent.post(f"/inquiries/{inquiry}/cpr/0/undo").status_code == 422
    [held] = agent.get("/me").json()["inquiries"]
    assert places(held) == [(0, "citizen", 1)]
    assert [what for what, _ in looks(agent_id)] == ["opened", "undone", "undone", "undone"]
    with owner().connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM kept_cpr WHERE coalesce(sealed, number_hash) IS NOT NULL"))
        assert kept.scalar_one() == 0


def test_only_who_has_it_in_hand_sees_a_number(taken, web):
    inquiry, agent, agent_id = taken
    stranger = signed_in(web, an_agent()[1])
    for what in ("reveal", "undo"):
        assert stranger.post(f"/inquiries/{inquiry}/cpr/1/{what}").status_code == 404
    assert agent.post(f"/inquiries/{inquiry}/transfer", json={"topic": "passport"}).status_code == 200
    for what in ("reveal", "undo"):
        assert agent.post(f"/inquiries/{inquiry}/cpr/1/{what}").status_code == 409
    assert looks(agent_id) == [("opened", None)]


def test_who_ended_it_sees_no_number_any_more_and_may_still_undo_one(taken):
    inquiry, agent, _ = taken
    closed = agent.post(f"/inquiries/{inquiry}/closure", json={"outcome": "resolved", "note": "Kvittering 0101701111"})
    assert closed.status_code == 200
    assert agent.post(f"/inquiries/{inquiry}/cpr/1/reveal").status_code == 409
    assert notes(inquiry) == ["Kvittering [CPR]"]
    assert agent.post(f"/inquiries/{inquiry}/cpr/4/undo").status_code == 204
    assert notes(inquiry) == ["Kvittering 0101701111"]


@pytest.mark.parametrize("hours, status", [(23.9, 204), (24.1, 409)])
def test_a_day_after_the_end_nothing_can_be_put_back_though_it_is_still_kept(taken, web, hours, status):
    inquiry, agent, _ = taken
    agent.post(f"/inquiries/{inquiry}/closure", json={"outcome": "resolved", "note": "Oplyste 050585-1111"})
    with owner().begin() as session:
        past = "UPDATE inquiry SET ended_at = now() - make_interval(secs => :s) WHERE id = :id"
        session.execute(text(past), {"s": hours * 3600, "id": inquiry})
    offered = f'hx-post="/api/v1/inquiries/{inquiry}/cpr/4/undo"' in console(web, agent).get("/desk/parts").text
    assert offered is (status == 204)
    assert agent.post(f"/inquiries/{inquiry}/cpr/1/undo").status_code == status
    assert ("010165-1237" in look_at(Inquiry, inquiry).text) is (status == 204)


def test_the_console_shows_a_number_on_request(taken, web):
    inquiry, agent, _ = taken
    browser = console(web, agent)
    page = browser.get("/desk").text
    way = f"/api/v1/inquiries/{inquiry}/cpr/1"
    assert f'hx-post="{way}/reveal"' in page and f'hx-post="{way}/undo"' in page
    assert f"/inquiries/{inquiry}/cpr/0/undo" not in page and "010165-1237" not in page
    browser.headers["HX-Request"] = "true"
    assert "<strong>010165-1237</strong>" in browser.post(f"{way}/reveal").text
    assert "Sag [CPR] og 010165-1237, kvittering [CPR]" in browser.post(f"{way}/undo").text


def test_where_numbers_are_not_kept_none_is_shown_and_every_false_hit_can_be_put_back(web):
    # As a number of JSON the last one has lost its leading nought; eight digits are none.
    said = {"subject": "Kvittering 0202701111", "phone": 20270111, "to": [{"a/b": 202701111}]}
    inquiry, agent, agent_id = in_hands(web, attributes=said)
    [held] = agent.get("/me").json()["inquiries"]
    assert held["attributes"] == {"subject": "Kvittering [CPR]", "phone": 20270111, "to": [{"a/b": "[CPR]"}]}
    assert places(held)[-2:] == [(4, "attributes:/subject", 1), (5, "attributes:/to/0/a~1b", 1)]
    for n in range(1, 6):
        assert agent.post(f"/inquiries/{inquiry}/cpr/{n}/reveal").status_code == 404
        assert agent.post(f"/inquiries/{inquiry}/cpr/{n}/undo").status_code == 204
    kept = look_at(Inquiry, inquiry)
    assert (kept.text, kept.attributes) == (TEXT, said | {"to": [{"a/b": "0202701111"}]})
    assert "revealed" not in [what for what, _ in looks(agent_id)]


def test_a_number_in_attributes_comes_back_wherever_it_stood(web):
    said = {"to": ["x", {"a/b~c": "kode 0202701111"}], "order": 1202701111, "1202701111": "a", "1302701111": "b"}
    inquiry, agent, _ = in_hands(web, attributes=said)
    [held] = agent.get("/me").json()["inquiries"]
    redacted = {"to": ["x", {"a/b~c": "kode [CPR]"}], "order": "[CPR]", "[CPR]": "a", "[CPR] 2": "b"}
    assert held["attributes"] == redacted
    assert places(held)[-2:] == [(4, "attributes:/to/1/a~1b~0c", 1), (5, "attributes:/order", 1)]
    for n in (4, 5):
        assert agent.post(f"/inquiries/{inquiry}/cpr/{n}/undo").status_code == 204
    back = {"to": ["x", {"a/b~c": "kode 0202701111"}], "order": "1202701111"}
    assert look_at(Inquiry, inquiry).attributes == redacted | back


def test_a_note_on_the_way_is_read_by_the_next_agent_who_may_put_a_number_back(taken, web):
    inquiry, agent, _ = taken
    note = "Kvitteringen hedder 0404801111, ringer igen"
    agent.patch(f"/inquiries/{inquiry}", json={"note": note})
    [held] = agent.get("/me").json()["inquiries"]
    assert [(one["by"], one["text"]) for one in held["notes"]] == [
        (name_of(agent), note.replace("0404801111", "[CPR]"))
    ]
    assert places(held)[-1][:1] + places(held)[-1][2:] == (4, 1) and held["cpr"][-1]["place"].startswith("note:")
    _, username = an_agent(presence="available", connected=True)
    follower = signed_in(web, username)
    agent.put("/me/presence", json={"state": "break"})
    assert agent.post(f"/inquiries/{inquiry}/transfer", json={"topic": "passport"}).status_code == 200
    assert route() == 1
    assert follower.post(f"/offers/{offer_of(inquiry).id}/acceptance").status_code == 200
    assert "Kvitteringen hedder [CPR]" in console(web, follower).get("/desk/parts").text
    assert follower.post(f"/inquiries/{inquiry}/cpr/4/reveal").json() == {"number": "0404801111"}
    assert follower.post(f"/inquiries/{inquiry}/cpr/4/undo").status_code == 204
    assert notes(inquiry) == [note]


def test_the_console_offers_to_undo_in_what_the_agent_wrote_at_the_end(taken, web):
    inquiry, agent, _ = taken
    agent.post(f"/inquiries/{inquiry}/closure", json={"outcome": "resolved", "note": "Kvittering 0101701111"})
    browser = console(web, agent)
    assert f'hx-post="/api/v1/inquiries/{inquiry}/cpr/4/undo"' in browser.get("/desk/parts").text
    assert browser.post(f"/api/v1/inquiries/{inquiry}/cpr/4/undo").status_code == 204
    assert "/undo" not in browser.get("/desk/parts").text


def test_what_has_been_erased_meanwhile_cannot_be_put_back(taken):
    inquiry, agent, _ = taken
    with owner().begin() as connection:
        connection.execute(text("UPDATE inquiry SET text = ''"))
    assert agent.post(f"/inquiries/{inquiry}/cpr/1/undo").status_code == 404


strings = sampled_from(
    ["0101651237", "kode 010165-1237", "[CPR] 020270 1111, 030380-2222", "a/b~c", "", "[CPR]", "0", "1"]
)


def as_words(value):
    """A JSON value with every whole number as a string, and names as they are stored."""
    if isinstance(value, list):
        return [as_words(one) for one in value]
    if isinstance(value, dict):
        return [as_words(one) for one in value.values()]
    return str(value).removeprefix("0")


def test_whatever_is_taken_out_of_attributes_can_be_put_back_one_by_one(database):
    @given(strings | recursive(strings | integers(), lambda below: lists(below) | dictionaries(strings, below)))
    def always(value):
        clean, found = hits.take_out_of_attributes(value)
        undone = Counter()
        for hit in found:
            number = unseal(hit.sealed, "kept_cpr")
            clean = hits.put_back_into_attributes(clean, hit.place, hit.position - undone[hit.place], number)
            undone[hit.place] += 1
        assert as_words(clean) == as_words(value)

    always()


def test_drawing_the_desk_again_is_no_second_look(taken):
    _, agent, agent_id = taken
    for _ in range(3):
        agent.get("/me")
    with transaction() as session:
        assert state_of(session, agent_id)["inquiries"][0]["cpr"][0]["n"] == identity.GIVEN
    assert looks(agent_id) == [("opened", None)]
