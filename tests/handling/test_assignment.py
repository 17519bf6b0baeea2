"""Whoever leads gives an inquiry to one agent by hand, and no rule of capacity or membership is broken by it."""

import pytest
from sqlalchemy import text

from hotline.handling.assignment import assign
from hotline.handling.errors import AgentFull
from hotline.inquiries.models import Inquiry
from hotline.offers.actions import accept, refuse
from tests.builders import HJORRING, SKANDERBORG, a_ready_agent, an_agent
from tests.building import owner, transaction
from tests.handling.test_leads import browser_of, in_hand, lines, notes
from tests.offers.doing import a_journalled_inquiry, by, events_of, in_, look_at, offer_of, sound
from tests.offers.test_races import at_once
from workers.route import route


def assigned(lead, inquiry, agent, reason="Taler grønlandsk, 010165-1237"):
    return lead.post(f"/inquiries/{inquiry}/assignment", json={"agent": username_of(agent), "reason": reason})


def says_no(agent, inquiry):
    by(agent, lambda session, offer, one, at: refuse(session, offer, one, None, at), offer_of(inquiry).id)


def username_of(agent):
    with owner().begin() as session:
        return session.execute(text("SELECT username FROM person WHERE id = :a"), {"a": agent}).scalar_one()


@pytest.mark.parametrize("where", ["waiting", "offered", "handling"])
@pytest.mark.parametrize("who, status", [("home", 200), ("secretariat", 200), ("other", 404)])
def test_it_is_offered_to_this_agent_alone_at_its_age_wherever_it_was(led, where, who, status):
    first = a_ready_agent()
    inquiry = a_journalled_inquiry(municipality=HJORRING, age=100.0)
    before = look_at(Inquiry, inquiry)
    assert route() == 1
    if where == "handling":
        by(first, accept, offer_of(inquiry).id)
    if where == "waiting":
        says_no(first, inquiry)
    other = a_ready_agent(languages=("kl",))
    for _ in range(3):
        a_journalled_inquiry(municipality=HJORRING, age=500.0)  # what is older does not come before it
    assert assigned(led[who], inquiry, other).status_code == status
    if status != 200:
        assert look_at(Inquiry, inquiry).state == where
        sound()
        return
    after, offer = look_at(Inquiry, inquiry), offer_of(inquiry)
    assert (after.state, after.queued_at) == ("offered", before.queued_at)
    assert (offer.agent_id, offer.why["by_hand"], offer.state) == (other, True, "open")
    left = {"waiting": "refused", "offered": "withdrawn", "handling": "released"}[where]
    assert events_of(inquiry)[-3:] == [left, "taken_over", "offered"]
    assert lines(inquiry, "taken_over")[0].data["by"].startswith("person ")
    assert [words for _, words in notes(inquiry)] == ["Taler grønlandsk, [CPR]"]
    route()
    assert offer_of(inquiry).id == offer.id, "the router leaves it"
    says_no(other, inquiry)
    assert look_at(Inquiry, inquiry).only_agent is None, "then it goes to all"
    sound()


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"connected": False}, "agent-away"),
        ({"presence": "offline"}, "agent-away"),
        ({"presence": "break"}, "agent-on-break"),
        ({"topics": ("mitid",)}, "agent-without-topic"),
        ({"municipality": "0840"}, "agent-of-others"),
        ({"active": False}, "agent-deactivated"),
        ({"load": 1}, "agent-full"),  # a call takes a whole agent
    ],
    ids=lambda one: str(one),
)
def test_who_cannot_take_it_is_not_given_it_and_the_answer_says_why(led, facts, kind):
    inquiry = a_journalled_inquiry("passport", "phone", municipality=HJORRING)
    load, active = facts.pop("load", 0), facts.pop("active", True)
    agent, _ = an_agent(**({"presence": "available", "connected": True} | facts))
    with owner().begin() as session:
        session.execute(text("DELETE FROM membership WHERE municipality = '0840'"))
        session.execute(text("UPDATE agent_work SET load = :l WHERE agent_id = :a"), {"l": load, "a": agent})
        session.execute(text("UPDATE person SET active = :y WHERE id = :a"), {"y": active, "a": agent})
    answer = assigned(led["secretariat"], inquiry, agent)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, kind)
    assert look_at(Inquiry, inquiry).state == "waiting" and notes(inquiry) == []
    assert events_of(inquiry) == ["received", "classified"]


def test_what_is_theirs_already_or_over_is_not_assigned(led):
    inquiry, agent = in_hand()
    assert assigned(led["secretariat"], inquiry, agent).json()["type"].endswith("/agent-has-it")
    assert led["home"].post(f"/inquiries/{inquiry}/closure", json={"outcome": "other"}).status_code == 200
    assert assigned(led["secretariat"], inquiry, a_ready_agent()).json()["type"].endswith("/wrong-state")
    assert assigned(led["secretariat"], inquiry, agent, reason=" ").status_code == 422
    body = {"agent": "nobody", "reason": "x"}
    assert led["secretariat"].post(f"/inquiries/{inquiry}/assignment", json=body).status_code == 422


def test_of_two_who_assign_the_last_room_of_an_agent_one_wins(with_facts):
    agent = a_ready_agent()
    calls = [a_journalled_inquiry("passport", "phone", municipality=SKANDERBORG) for _ in range(2)]

    def give(call):
        try:
            with transaction() as session:
                inquiry = session.get_one(Inquiry, call, with_for_update=True)
                assign(session, inquiry, None, agent, "haster", in_())
        except AgentFull:
            return "full"
        return "given"

    assert sorted(at_once(lambda: give(calls[0]), lambda: give(calls[1]))) == ["full", "given"]
    sound()


def test_on_the_inquirys_page_it_is_assigned_and_the_page_says_so(led, web):
    inquiry = a_journalled_inquiry(municipality=HJORRING)
    agent, away = a_ready_agent(), an_agent()[0]
    home = browser_of(web, led["home"])
    page = home.get(f"/inquiries/{inquiry}").text
    assert f'value="{username_of(agent)}"' in page and username_of(away) not in page
    home.headers["HX-Current-URL"] = f"{web}/inquiries/{inquiry}"
    body = {"agent": username_of(agent), "reason": "Haster"}
    answer = home.post(f"/api/v1/inquiries/{inquiry}/assignment", json=body)
    assert answer.status_code == 200 and "tildelt af en leder (venter på svar)" in answer.text
    assert "<html" not in answer.text and "Ingen med emnet kan tage den lige nu." in answer.text
