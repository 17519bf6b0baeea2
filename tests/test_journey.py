"""The way of an inquiry over HTTP, with workers and router as they are: from a post to a municipality's figures."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from hotline.agents.models import AgentWork
from hotline.clock import danish, now
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer
from hotline.offers.sweep import absences, lapses
from hotline.policies import current_policy
from hotline.queue.run import route
from hotline.queue.widen import widen
from tests.builders import (
    HJORRING,
    SKANDERBORG,
    Api,
    Events,
    a_key,
    a_person,
    a_pool,
    an_agent,
    signed_in,
)
from tests.building import transaction
from tests.offers.doing import events_of, look_at, offer_of, sound
from tests.waiting import until
from workers import classify, summarize


@pytest.fixture
def journey(web, trained):
    """A pool with its phone system, over HTTP."""
    a_pool()
    one = Journey(web)
    yield one
    for console in one.consoles:
        console.close()


class Journey:
    def __init__(self, url):
        self.url, self.pbx, self.consoles = url, Api(url, a_key()), []

    def post(self, topic="passport", channel="web", **more):
        """An inquiry that has been classified; its id."""
        body = {"channel": channel, "municipality": HJORRING, "text": "Jeg skal have et nyt pas", "topic": topic} | more
        answer = self.pbx.post("/inquiries", json=body)
        assert answer.status_code == 201, answer.text
        classify.run()
        return answer.json()["id"]

    def agent(self, *topics, **facts):
        """A signed-in agent with an open console, who takes inquiries: the client, its events, the id."""
        agent_id, username = an_agent(topics or ("passport",), **facts)
        api = signed_in(self.url, username)
        events = self.console(api)
        until(lambda: look_at(AgentWork, agent_id).connected, "the agent is connected")
        assert api.put("/me/presence", json={"state": "available"}).json()["state"] == "available"
        return api, events, agent_id

    def console(self, api):
        self.consoles.append(Events(api))
        return self.consoles[-1]

    def offered(self, agent, inquiry_id):
        """Have the router run; the newest offer of this inquiry as this agent's stream tells it."""
        route()
        newest = offer_of(inquiry_id).id
        return agent[1].wait_for("offer", lambda offer: offer["id"] == newest)

    def taken(self, agent, inquiry_id):
        offer = self.offered(agent, inquiry_id)
        answer = agent[0].post(f"/offers/{offer['id']}/acceptance")
        assert (answer.status_code, answer.json()) == (200, {"id": inquiry_id, "state": "handling"})

    def seen(self, inquiry_id):
        answer = self.pbx.get(f"/inquiries/{inquiry_id}")
        assert answer.status_code == 200
        return answer.json()

    def state(self, inquiry_id):
        return self.seen(inquiry_id)["state"]


def look_after(moment, seconds=0):
    """Let the router look after things as it will so many seconds after this moment."""
    moment += timedelta(seconds=seconds)
    lapses(moment)
    absences(moment, current_policy())
    with transaction() as session:
        widen(session, moment, current_policy())


@contextmanager
def no_heartbeat():
    """Let the web processes' heartbeats, each three seconds, wait until the block has ended."""
    with transaction() as session:
        session.execute(text("SELECT FROM web_clock FOR UPDATE"))
        yield


def rested():
    """Let misses and refusals lie so far back that nobody rests any more."""
    with transaction() as session:
        session.execute(text("UPDATE agent_work SET rests_until = NULL"))
        session.execute(
            text("UPDATE offer SET answered_at = answered_at - interval '1 hour' WHERE answered_at IS NOT NULL")
        )


def test_from_a_post_to_the_figures_of_the_municipality(journey):
    anna = journey.agent()
    inquiry = journey.post(
        topic=None, text="Mit pas udløber, hvordan får jeg et nyt pas?", citizen={"name": "Karla Opdigtet"}
    )
    seen = journey.seen(inquiry)
    assert (seen["state"], seen["topic"], seen["language"], seen["position"]) == ("waiting", "passport", "da", 1)

    offer = journey.offered(anna, inquiry)
    assert (offer["inquiry"]["topic"], offer["inquiry"]["municipality"]) == ("passport", HJORRING)
    assert "Karla" not in str(offer)  # an offer says what it is about, and nothing of who asks
    assert journey.state(inquiry) == "offered"
    assert anna[0].post(f"/offers/{offer['id']}/acceptance").status_code == 200
    held = anna[1].wait_for("inquiry", lambda one: one["id"] == inquiry)
    assert held["citizen"]["name"] == "Karla Opdigtet"
    anna[1].wait_for("offer_gone", lambda gone: gone["id"] == offer["id"])
    assert anna[0].get("/me").json()["load"] == 1
    assert journey.seen(inquiry)["answered_by_municipality"] == SKANDERBORG

    assert anna[0].post(f"/inquiries/{inquiry}/wrap-up").json()["state"] == "wrapping"
    assert anna[0].post(f"/inquiries/{inquiry}/wrap-up").json()["state"] == "wrapping"
    closing = {"outcome": "resolved", "note": "Bestil tid på nettet"}
    assert anna[0].post(f"/inquiries/{inquiry}/closure", json=closing).json()["state"] == "closed"
    assert anna[0].post(f"/inquiries/{inquiry}/closure", json=closing).status_code == 409
    assert anna[0].get("/me").json()["load"] == 0
    assert [step["event"] for step in journey.seen(inquiry)["timeline"]] == [
        "received", "classified", "offered", "accepted", "wrapping", "closed"
    ]  # fmt: skip

    viewer = signed_in(journey.url, a_person("viewer", HJORRING))

    today = danish(now()).date()
    days = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1))}  # one may end just now

    def figures():
        summarize.run()
        rows = viewer.get(f"/statistics/municipalities/{HJORRING}", params=days).json()["rows"]
        return rows if sum(row["closed"] for row in rows) else None

    rows = until(figures, "the closure is in the figures")
    total = {name: sum(row[name] for row in rows) for name in rows[0] if name not in ("start", "topic", "channel")}
    counted = {name: value for name, value in total.items() if value and not name.endswith("seconds")}
    assert counted == {
        "offered": 1, "answered": 1, "answered_in_target": 1, "closed": 1, "resolved_first_contact": 1,
        "offers_made": 1, "answered_by_others": 1,
    }  # fmt: skip
    exchange = viewer.get("/statistics/exchange", params=days).json()
    assert [(row["home"], row["answering"], row["inquiries"]) for row in exchange] == [(HJORRING, SKANDERBORG, 1)]
    sound()


def test_a_refusal_goes_to_another_agent_with_the_age_kept(journey):
    anna = journey.agent()
    inquiry = journey.post(received_at=(now() - timedelta(minutes=3)).isoformat())
    deadline = look_deadline(inquiry)
    offer = journey.offered(anna, inquiry)
    assert anna[0].post(f"/offers/{offer['id']}/refusal", json={"reason": "to børn i venteværelset"}).status_code == 204
    anna[1].wait_for("offer_gone")
    me = anna[0].get("/me").json()
    assert (me["presence"], me["load"]) == ("available", 0)
    assert route() == 0  # not to the one who has just refused it
    bo = journey.agent()
    journey.taken(bo, inquiry)
    assert look_deadline(inquiry) == deadline
    waited = next(s["wait_seconds"] for s in journey.seen(inquiry)["timeline"] if s["event"] == "accepted")
    assert waited >= 180
    assert anna[0].get(f"/inquiries/{inquiry}").status_code == 404
    sound()


def look_deadline(inquiry):
    with transaction() as session:
        return session.execute(text("SELECT deadline, queued_at FROM inquiry WHERE id = :id"), {"id": inquiry}).one()


def test_missed_offers_lapse_and_in_the_end_set_the_agent_on_break(journey):
    anna = journey.agent()
    inquiry = journey.post()
    for miss in range(1, current_policy().misses_before_break + 1):
        offer = journey.offered(anna, inquiry)
        lapses = datetime.fromisoformat(offer["lapses_at"])
        look_after(lapses, -1)
        assert journey.state(inquiry) == "offered"
        look_after(lapses, 1)
        anna[1].wait_for("offer_gone", lambda gone, offer=offer: gone["id"] == offer["id"])
        assert anna[0].post(f"/offers/{offer['id']}/acceptance").json()["type"] == "/problems/offer-gone"
        agent = look_at(AgentWork, anna[2])
        assert (agent.misses, journey.state(inquiry), agent.load) == (miss, "waiting", 0)
        assert agent.rests_until > now()
        assert route() == 0
        rested()
    broken = {"state": "break", "reason": "missed offers", "capacity": 3, "load": 0, "missed": 3}
    anna[1].wait_for("presence", lambda said: said | {"missed": (said["missed"] or {}).get("count")} == broken)
    assert route() == 0
    anna[0].put("/me/presence", json={"state": "available"})
    journey.taken(anna, inquiry)
    assert look_at(AgentWork, anna[2]).misses == 0
    sound()


def test_a_transfer_keeps_the_age_and_goes_to_a_topic_an_agent_or_home(journey):
    anna, bo = journey.agent("passport"), journey.agent("doctor", "passport", idle_for=-60)
    inquiry = journey.post(received_at=(now() - timedelta(minutes=2)).isoformat())
    age = look_deadline(inquiry)
    journey.taken(anna, inquiry)

    moved = anna[0].post(f"/inquiries/{inquiry}/transfer", json={"topic": "doctor", "note": "Spørger også om læge"})
    assert moved.json()["state"] == "waiting" and look_deadline(inquiry) == age
    assert anna[0].get("/me").json()["load"] == 0
    journey.taken(bo, inquiry)
    assert (
        anna[0].post(f"/inquiries/{inquiry}/closure", json={"outcome": "other"}).json()["type"]
        == "/problems/wrong-state"
    )

    name = anna[0].get("/me").json()["username"]
    assert bo[0].post(f"/inquiries/{inquiry}/transfer", json={"agent": name, "topic": "passport"}).status_code == 200
    assert look_deadline(inquiry) == age
    journey.taken(anna, inquiry)  # kept for her, though he could take it as well

    assert (
        anna[0].post(f"/inquiries/{inquiry}/transfer", json={"municipality": HJORRING}).json()["state"] == "handed_over"
    )
    assert anna[0].get("/me").json()["load"] == 0
    steps = [step["event"] for step in journey.seen(inquiry)["timeline"]]
    assert steps.count("transferred") == 2 and steps[-1] == "handed_over" and steps.count("accepted") == 3
    sound()


def test_what_is_kept_for_one_agent_goes_to_all_when_the_time_is_up(journey):
    anna, bo = journey.agent(), journey.agent()
    inquiry = journey.post()
    route()
    holder = anna if anna[0].get("/me").json()["offers"] else bo
    other = bo if holder is anna else anna
    offer = holder[0].get("/me").json()["offers"][0]
    assert holder[0].post(f"/offers/{offer['id']}/acceptance").status_code == 200
    with transaction() as session:  # there, and not to be asked for a while
        session.execute(
            text("UPDATE agent_work SET rests_until = now() + interval '1 hour' WHERE agent_id = :it"), {"it": other[2]}
        )
    name = other[0].get("/me").json()["username"]
    assert holder[0].post(f"/inquiries/{inquiry}/transfer", json={"agent": name}).status_code == 200
    assert route() == 0
    theirs_until = look_at(Inquiry, inquiry).only_until
    carla = journey.agent()
    look_after(theirs_until, -1)
    assert route() == 0
    look_after(theirs_until, 1)
    journey.taken(carla, inquiry)
    sound()


def test_a_citizen_may_hang_up_until_somebody_answers(journey):
    def hang_up(one):
        return journey.pbx.post(f"/inquiries/{one}/abandonment")

    answer = journey.pbx.post("/inquiries", json={"channel": "phone", "municipality": HJORRING})
    received = answer.json()["id"]
    assert hang_up(received).json() == {"id": received, "state": "abandoned"}
    classify.run()
    waiting = journey.post(channel="phone")
    assert hang_up(waiting).status_code == hang_up(waiting).status_code == 200
    anna = journey.agent()
    offered = journey.post(channel="phone")
    offer = journey.offered(anna, offered)
    assert hang_up(offered).status_code == 200
    anna[1].wait_for("offer_gone", lambda gone: gone["id"] == offer["id"])
    assert anna[0].post(f"/offers/{offer['id']}/acceptance").json()["type"] == "/problems/offer-gone"
    assert look_at(AgentWork, anna[2]).load == 0
    handled = journey.post(channel="phone")
    journey.taken(anna, handled)
    assert hang_up(handled).json()["type"] == "/problems/wrong-state"
    anna[0].post(f"/inquiries/{handled}/wrap-up")
    assert hang_up(handled).json()["state"] == "wrapping"
    anna[0].post(f"/inquiries/{handled}/closure", json={"outcome": "resolved"})
    assert hang_up(handled).json()["state"] == "closed"
    assert [journey.state(one) for one in (received, waiting, offered, handled)] == ["abandoned"] * 3 + ["closed"]
    assert events_of(received) == ["received", "abandoned"]
    sound()


def test_a_call_takes_an_agent_whole_and_writing_shares_them(journey):
    anna = journey.agent(capacity=3)
    letters = [journey.post(channel="email") for _ in range(2)]
    assert route() == 2
    call = journey.post(channel="phone", priority=1)
    assert route() == 0  # never beside anything else
    for letter in letters:
        offer = anna[1].wait_for("offer", lambda one, letter=letter: one["inquiry"]["id"] == letter)
        anna[0].post(f"/offers/{offer['id']}/acceptance")
        anna[0].post(f"/inquiries/{letter}/closure", json={"outcome": "resolved"})
    journey.taken(anna, call)
    assert anna[0].get("/me").json()["load"] == 3
    journey.post(channel="chat")
    assert route() == 0
    anna[0].post(f"/inquiries/{call}/wrap-up")
    assert route() == 0  # wrap-up is work as well
    anna[0].post(f"/inquiries/{call}/closure", json={"outcome": "resolved"})
    assert route() == 1
    sound()


def test_a_language_that_nobody_here_speaks_goes_to_anyone_with_the_skill(journey):
    anna = journey.agent()
    inquiry = journey.post(language="uk", text="Мені потрібен новий паспорт")
    assert route() == 0
    look_after(now())
    journey.taken(anna, inquiry)
    sound()


def test_a_language_that_a_colleague_speaks_is_kept_for_them_for_a_while(journey):
    anna, olena = journey.agent(), journey.agent(languages=("da", "uk"))
    assert olena[0].put("/me/presence", json={"state": "break"}).status_code == 200
    inquiry = journey.post(language="uk", text="Мені потрібен новий паспорт")
    kept_from = look_at(Inquiry, inquiry).queued_at
    look_after(kept_from, current_policy().language_grace - 1)
    assert route() == 0
    look_after(kept_from, current_policy().language_grace + 1)
    journey.taken(anna, inquiry)
    sound()


def test_a_break_takes_open_offers_back_and_leaves_what_is_in_hand(journey):
    anna = journey.agent()
    first = journey.post()
    journey.taken(anna, first)
    second = journey.post()
    offer = journey.offered(anna, second)
    assert anna[0].put("/me/presence", json={"state": "break", "reason": "frokost"}).status_code == 200
    assert route() == 0
    anna[1].wait_for("offer_gone", lambda gone: gone["id"] == offer["id"])
    assert (journey.state(first), journey.state(second)) == ("handling", "waiting")
    assert look_at(AgentWork, anna[2]).load == 1
    bo = journey.agent()
    journey.taken(bo, second)
    assert anna[0].post(f"/inquiries/{first}/closure", json={"outcome": "resolved"}).status_code == 200
    sound()


def test_an_agent_who_vanishes_loses_the_offer_keeps_the_work_and_comes_back(journey):
    anna = journey.agent()
    held = journey.post()
    journey.taken(anna, held)
    asked = journey.post()
    offer = journey.offered(anna, asked)
    with no_heartbeat():
        with transaction() as session:  # she was last heard of a while ago
            session.execute(text("UPDATE agent_seen SET seconds = seconds - 1000"))
        look_after(now())
        agent = look_at(AgentWork, anna[2])
        assert (agent.connected, agent.presence, agent.load) == (False, "available", 1)
        assert look_at(Offer, offer["id"]).state == "withdrawn"
        assert (journey.state(asked), journey.state(held)) == ("waiting", "handling")
        assert events_of(held)[-1] == "flagged"
        look_after(now())
        assert events_of(held).count("flagged") == 1
    until(
        lambda: look_at(AgentWork, anna[2]).connected, "she is connected"
    )  # her console was there all the time, and says so
    assert anna[0].get("/me").json()["inquiries"][0]["id"] == held
    rested()
    assert route() == 1
    assert anna[0].post(f"/inquiries/{held}/closure", json={"outcome": "resolved"}).status_code == 200
    sound()


def test_urgent_inquiries_come_first_and_the_older_before_the_younger(journey):
    ids = [
        journey.post(**more)
        for more in ({}, {"priority": 1}, {"received_at": (now() - timedelta(hours=1)).isoformat()})
    ]
    anna = journey.agent(capacity=1)
    order = []
    for _ in ids:
        assert route() == 1
        offer = anna[0].get("/me").json()["offers"][0]
        anna[0].post(f"/offers/{offer['id']}/acceptance")
        anna[0].post(f"/inquiries/{offer['inquiry']['id']}/closure", json={"outcome": "resolved"})
        order.append(offer["inquiry"]["id"])
    assert order == [ids[2], ids[1], ids[0]]
    sound()


def test_a_second_window_first_tells_all_that_is_and_both_go_on(journey):
    anna = journey.agent()
    held, asked = journey.post(), journey.post()
    journey.taken(anna, held)
    offer = journey.offered(anna, asked)
    again = journey.console(anna[0])
    again.wait_for("offer", lambda one: one["id"] == offer["id"])
    assert [name for name, _ in again.seen] == ["presence", "inquiry", "offer"]
    assert anna[0].post(f"/offers/{offer['id']}/refusal").status_code == 204
    for console in (anna[1], again):  # both windows of hers go on hearing
        console.wait_for("offer_gone", lambda gone: gone["id"] == offer["id"])
    assert datetime.fromisoformat(offer["lapses_at"]) > now()
    sound()
