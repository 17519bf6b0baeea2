"""What citizen and agent write to each other: who may, who hears it, and what is kept of it."""

import pytest
from sqlmodel import select

from hotline.access.models import Integrator
from hotline.inquiries.messages import Message
from hotline.inquiries.notes import NoteDraft
from hotline.offers.actions import accept
from hotline.queue.run import route
from tests.builders import Api, Events, a_key, a_person, an_agent, signed_in
from tests.building import accounts, transaction
from tests.cli.commands import hotline
from tests.handling.test_leads import browser_of
from tests.offers.doing import a_journalled_inquiry, by, events_of, offer_of, sound

CPR = "010165-1237"


@pytest.fixture
def chat(web):
    """A chat in an agent's hands, as `Chat`."""
    return a_chat(web)


def a_chat(web, channel="chat", taken=True):
    """An inquiry that an integrator handed in: its address, the integrator's client and the agent's, and the agent."""
    key = a_key("Chat")
    with accounts() as session:
        integrator = session.exec(select(Integrator.id).where(Integrator.name == "Chat")).one()
    agent, username = an_agent(presence="available", connected=True)
    inquiry = a_journalled_inquiry(channel=channel, integrator_id=integrator)
    assert route() == 1
    if taken:
        by(agent, accept, offer_of(inquiry).id)
    return f"/inquiries/{inquiry}/messages", Api(web, key), signed_in(web, username), inquiry


def texts(answer):
    return [(one["from"], one["text"]) for one in answer.json()]


def test_both_write_and_each_hears_the_other_without_cpr_numbers(chat, web):
    way, citizen, agent, inquiry = chat
    heard = Events(agent)
    wrote = citizen.post(way, json={"text": f" Mit nummer er {CPR} ", "from": "citizen"})
    assert wrote.status_code == 201, wrote.text
    assert wrote.json()["text"] == "Mit nummer er [CPR]"
    assert heard.wait_for("message")["text"] == "Mit nummer er [CPR]"
    heard.close()
    assert agent.put(f"{way}/draft", json={"text": f"Fru {CPR}, "}).status_code == 204
    [mine] = agent.get("/me").json()["inquiries"]
    assert mine["answer"]["text"] == "Fru [CPR], " and mine["draft"] is None
    assert [(one["from"], one["read_at"]) for one in mine["messages"]] == [("citizen", None)]
    [number] = [one for one in mine["cpr"] if one["place"].startswith("message:")]
    answered = agent.post(way, json={"text": f"{CPR} er ikke klar"})
    assert answered.status_code == 201, answered.text
    thread = [("citizen", "Mit nummer er [CPR]"), ("agent", "[CPR] er ikke klar")]
    assert texts(citizen.get(way)) == texts(agent.get(way)) == thread
    assert texts(citizen.get(way, params={"after": wrote.json()["id"]})) == thread[1:]
    read_by_a_lead = browser_of(web, signed_in(web, a_person("secretariat"))).get(f"/inquiries/{inquiry}").text
    assert read_by_a_lead.index("Mit nummer er [CPR]") < read_by_a_lead.index("[CPR] er ikke klar")
    assert agent.put(f"{way}/read", json={"last": wrote.json()["id"]}).status_code == 204
    [mine] = agent.get("/me").json()["inquiries"]
    assert mine["answer"] is None and mine["messages"][0]["read_at"] and mine["messages"][1]["read_at"] is None
    assert agent.post(f"/inquiries/{inquiry}/cpr/{number['n']}/undo").status_code == 204
    assert texts(agent.get(way))[0] == ("citizen", f"Mit nummer er {CPR}")
    assert events_of(inquiry)[-2:] == ["message", "message"]
    sound()


def test_the_same_key_is_the_same_message_whoever_asks_again(chat):
    way, citizen, agent, inquiry = chat
    key = {"Idempotency-Key": '"en"'}
    for one in (citizen, agent):
        first, again = (one.post(way, json={"text": "Er du der?"}, headers=key) for _ in range(2))
        assert (first.status_code, again.json()) == (201, first.json())
        other = one.post(way, json={"text": "Noget andet"}, headers=key)
        assert (other.status_code, other.json()["type"].rsplit("/", 1)[-1]) == (422, "key-reused")
    assert agent.post(f"/inquiries/{inquiry}/closure", json={"outcome": "resolved"}).status_code == 200
    assert citizen.post(way, json={"text": "Er du der?"}, headers=key).status_code == 201
    assert len(texts(citizen.get(way))) == 2


@pytest.mark.parametrize(
    ("channel", "taken", "state", "citizen_gets", "agent_gets"),
    [
        ("email", True, "handling", 201, 201),
        ("sms", True, "wrapping", 201, 201),
        ("web", False, "offered", 201, 404),  # nobody has it in hand yet
        ("web", True, "closed", 409, 409),
        ("phone", True, "handling", 409, 409),
    ],
)
def test_what_is_open_and_written_may_be_written_to(web, channel, taken, state, citizen_gets, agent_gets):
    way, citizen, agent, inquiry = a_chat(web, channel, taken)
    if state == "wrapping":
        agent.post(f"/inquiries/{inquiry}/wrap-up")
    if state == "closed":
        agent.put(f"{way}/draft", json={"text": "for sent"})
        agent.post(f"/inquiries/{inquiry}/closure", json={"outcome": "other"})
    assert citizen.post(way, json={"text": "mere"}).status_code == citizen_gets
    assert agent.post(way, json={"text": "svar"}).status_code == agent_gets
    with transaction() as session:
        written = [one.sender for one in session.exec(select(Message)).all()]
        assert session.exec(select(NoteDraft)).all() == []
    assert written == ["citizen"] * (citizen_gets == 201) + ["agent"] * (agent_gets == 201)
    if not taken:
        assert agent.get(way).json() == []  # an offer shows what it is about, and no thread


def test_a_message_that_is_none_changes_nothing(chat):
    way, citizen, agent, inquiry = chat
    for one, body in (
        (citizen, {}),
        (citizen, {"text": "  "}),
        (citizen, {"text": "x" * 20_001}),
        (citizen, {"text": "nul \0"}),
        (citizen, {"text": "hej", "from": "agent"}),
        (agent, {"text": "hej", "from": "citizen"}),
        (agent, {"text": "hej", "to": "citizen"}),
    ):
        assert one.post(way, json=body).status_code == 422, body
    assert citizen.get(way, params={"after": "x"}).status_code == 422
    assert citizen.get(way).json() == [] and "message" not in events_of(inquiry)


def test_what_is_answered_elsewhere_leads_there_and_takes_no_answer(chat):
    way, citizen, agent, _ = chat
    answers = ("integrators", "answers", "Chat", "--channel", "chat")
    assert hotline(*answers, "--at", "javascript:alert(1)").exit_code != 0
    assert hotline(*answers, "--at", "https://chat.example.dk/{reference}?id={external_id}").exit_code == 0
    [mine] = agent.get("/me").json()["inquiries"]
    there = {"name": "Chat", "url": f"https://chat.example.dk/{mine['reference']}?id="}
    assert mine["answered_in"] == there
    refused = agent.post(way, json={"text": "Hej"})
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (409, "answered-elsewhere")
    assert citizen.post(way, json={"text": "Hej"}).status_code == 201
    assert hotline(*answers).exit_code == 0
    assert agent.post(way, json={"text": "Hej"}).status_code == 201
