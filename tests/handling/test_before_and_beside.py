"""What the citizen asked before, who else could take the inquiry, and what their municipality is handed of it."""

import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline.agents.models import AgentWork
from hotline.directory.models import Person
from hotline.handling import actions
from hotline.inquiries.models import Citizen, Inquiry
from hotline.offers.actions import accept
from hotline.privacy.models import Look, Lookup
from hotline.privacy.vault import seal, search_hash
from hotline.queue.run import route
from tests.access.decisions import POOL, handler, people
from tests.builders import HJORRING, SKANDERBORG, a_person, a_pool, a_ready_agent, signed_in
from tests.building import owner, transaction
from tests.offers.doing import a_journalled_inquiry, by, events_of, look_at, offer_of, sound

PHONE = "+4522113344"
LEADS = ("agent", "team lead", *POOL)
DECISIONS = {
    "POST /api/v1/inquiries/{inquiry_id}/earlier": handler(200, needs="held", json={}),
    "GET /api/v1/inquiries/{inquiry_id}/colleagues": handler(200, needs="held"),
    "POST /api/v1/inquiries/{inquiry_id}/another": handler(
        201, needs="held", json={"topic": "relocation", "outcome": "resolved"}
    ),
    **dict.fromkeys(
        [f"GET /api/v1/inquiries/{{inquiry_id}}/handover{ending}" for ending in ("", ".txt", ".pdf")],
        people(200, *LEADS, otherwise=404, needs="held"),
    ),
}


def asked(agent, phone=PHONE, **more):
    """An inquiry of this citizen, which the agent has in hand; its id."""
    inquiry = a_journalled_inquiry(municipality=HJORRING, **more)
    known = {"name": seal("Karla Opdigtet", "name"), "phone": seal(phone, "phone")}
    with transaction() as session:
        session.add(Citizen(inquiry_id=inquiry, phone_hash=search_hash(phone, "phone"), **known))
    assert route() == 1
    assert offer_of(inquiry).agent_id == agent
    by(agent, accept, offer_of(inquiry).id)
    return inquiry


def closes(agent, inquiry, note):
    def close(session, who, at):
        actions.close(session, session.get_one(Inquiry, inquiry), who, "resolved", note, at)

    by(agent, close)


def client(web, agent):
    with transaction() as session:
        return signed_in(web, session.get_one(Person, agent).username)


@pytest.fixture
def pool(web):
    a_pool()
    return web


def test_an_agent_finds_what_the_citizen_asked_before_in_their_own_hands_and_each_look_is_written_down(pool):
    me = a_ready_agent(municipality=SKANDERBORG)
    before, other = asked(me, text="Mit pas udløber"), asked(me, phone="+4522113355")
    for one, note in ((before, "Fik en tid"), (other, "En anden")):
        closes(me, one, note)
    with owner().begin() as session:
        session.execute(text("UPDATE agent_work SET presence = 'break'"))
    colleague = a_ready_agent(municipality=SKANDERBORG)
    theirs = asked(colleague)
    closes(colleague, theirs, "Hemmeligt")
    with owner().begin() as session:
        session.execute(
            text("UPDATE agent_work SET presence = CASE agent_id WHEN :me THEN 'available' ELSE 'break' END"),
            {"me": me},
        )
    now_held = asked(me)
    api = client(pool, me)
    with transaction() as session:
        references = {one.id: one.reference for one in session.exec(select(Inquiry)).all()}
    for who, found in (
        ("", [before]),
        ("22 11 33 44", [before]),
        ("22113355", [other]),
        (references[other].lower(), [other]),
        (references[theirs], []),
        ("22113366", []),
        ("Karla", []),
    ):
        answer = api.post(f"/inquiries/{now_held}/earlier", json={"who": who})
        assert answer.status_code == 200
        assert [one["id"] for one in answer.json()] == [str(one) for one in found], who
        assert "Hemmeligt" not in answer.text
    [told] = api.post(f"/inquiries/{now_held}/earlier").json()
    assert (told["text"], told["outcome"], [one["text"] for one in told["notes"]]) == (
        "Mit pas udløber",
        "resolved",
        ["Fik en tid"],
    )
    with transaction() as session:
        looks = session.exec(select(Lookup).where(Lookup.what == Look.SEARCHED)).all()
        assert [one.inquiry_id for one in looks] == [before, before, other, other, None, None, before]
        assert {one.person_id for one in looks} == {me} and all(one.subject for one in looks)
    closes(me, now_held, None)
    assert api.post(f"/inquiries/{now_held}/earlier").status_code == 409
    assert api.post(f"/inquiries/{now_held}/earlier", json={"who": "a" * 101}).status_code == 422


def test_a_transfer_names_the_colleagues_who_are_there_the_free_ones_first(pool):
    me = a_ready_agent(municipality=SKANDERBORG)
    inquiry = asked(me)
    facts = {
        "busy": {"capacity": 1},
        "home": {"municipality": HJORRING},
        "free": {},
        "other topic": {"topics": ("mitid",)},
        "on a break": {"presence": "break"},
        "away": {"connected": False},
        "of others": {"municipality": "0751"},
    }
    ids = {name: a_ready_agent(**more) for name, more in facts.items()}
    with owner().begin() as session:
        session.execute(text("UPDATE agent_work SET load = capacity WHERE agent_id = :id"), {"id": ids["busy"]})
        session.execute(text("UPDATE agent_work SET load = 0 WHERE agent_id <> ALL(:ids)"), {"ids": [me, ids["busy"]]})
    found = client(pool, me).get(f"/inquiries/{inquiry}/colleagues").json()
    with transaction() as session:
        names = {name: session.get_one(Person, number).username for name, number in ids.items()}
    assert [(one["username"], one["free"]) for one in found] == [
        (names["home"], True),
        (names["free"], True),
        (names["busy"], False),
    ]
    sent = client(pool, me).post(f"/inquiries/{inquiry}/transfer", json={"agent": names["free"]})
    assert sent.status_code == 200 and sent.json()["state"] == "waiting"


def test_the_citizen_s_municipality_is_handed_the_case_with_its_kle_number(pool):
    me = a_ready_agent(municipality=SKANDERBORG)
    inquiry = asked(me, text="Mit pas udløber <b> #panic[x] $x$ مرحبا 😀", language="da")
    api = client(pool, me)
    handed = api.post(f"/inquiries/{inquiry}/transfer", json={"municipality": HJORRING, "note": "Rejser fredag"})
    assert handed.json()["state"] == "handed_over"
    for reader in (api, signed_in(pool, a_person("team_lead", HJORRING))):
        note = reader.get(f"/inquiries/{inquiry}/handover").json()
        assert (note["kle"], note["topic"], note["municipality"]) == ("23.09.02", "passport", HJORRING)
        assert note["citizen"] == {"name": "Karla Opdigtet", "phone": PHONE, "email": None}
        assert note["handed_over_at"] and [one["text"] for one in note["notes"]] == ["Rejser fredag"]
        words = reader.get(f"/inquiries/{inquiry}/handover.txt")
        assert words.headers["content-type"].startswith("text/plain")
        assert note["reference"] in words.headers["content-disposition"]
        for said in ("KLE: 23.09.02", "Mit pas udløber <b>", "Karla Opdigtet", "22 11 33 44", "Rejser fredag"):
            assert said in words.text
        made = reader.get(f"/inquiries/{inquiry}/handover.pdf")
        assert made.headers["content-type"] == "application/pdf" and made.content.startswith(b"%PDF-")
    assert signed_in(pool, a_person("team_lead", "0751")).get(f"/inquiries/{inquiry}/handover").status_code == 404
    with transaction() as session:
        assert len(session.exec(select(Lookup).where(Lookup.what == Look.EXPORTED)).all()) == 6


@pytest.mark.parametrize("channel", ["phone", "chat"])
def test_a_second_matter_of_the_same_talk_is_an_inquiry_of_its_own_in_the_same_hands(pool, channel):
    me = a_ready_agent(municipality=SKANDERBORG, capacity=1)
    first = asked(me, channel=channel)
    api = client(pool, me)
    with owner().begin() as session:
        session.execute(text("UPDATE agent_work SET presence = 'break'"))  # after this talk
    good = {"topic": "relocation", "outcome": "resolved", "text": "Er flyttet, 120367-1240", "note": "Fik en tid"}
    for wrong in ({"topic": "nothing"}, {"outcome": "no_answer"}, {"outcome": None}, {"more": 1}):
        assert api.post(f"/inquiries/{first}/another", json=good | wrong).status_code == 422
    assert look_at(Inquiry, first).state == "handling"
    answer = api.post(f"/inquiries/{first}/another", json=good)
    assert answer.status_code == 201 and answer.json()["state"] == "handling"
    [held] = api.get("/me").json()["inquiries"]
    assert (held["id"], held["topic"], held["text"]) == (answer.json()["id"], "relocation", "Er flyttet, [CPR]")
    assert held["citizen"] == {"name": "Karla Opdigtet", "phone": PHONE, "email": None}
    assert (look_at(Inquiry, first).state, look_at(Inquiry, first).outcome) == ("closed", "resolved")
    assert events_of(held["id"]) == ["received", "classified", "offered", "accepted"]
    assert look_at(AgentWork, me).load == 1
    sound()
    closes(me, held["id"], None)
    assert look_at(AgentWork, me).load == 0
    sound()
    assert api.post(f"/inquiries/{held['id']}/another", json=good).status_code == 409
