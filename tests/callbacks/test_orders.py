"""In whatever order a citizen, an agent, the clock and a kill come: one call-back, never lost, at the age it had."""

import itertools

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from hotline.callbacks.due import call_backs, ring
from hotline.clock import now
from hotline.directory.queries import load
from hotline.inquiries.models import Citizen, Inquiry
from hotline.inquiries.states import ENDED, HELD, State
from hotline.offers.sweep import lapses
from hotline.privacy.vault import search_hash
from hotline.queue.run import route
from tests import building
from tests.builders import Api, a_key, a_pool, a_ready_agent, signed_in
from tests.builders import an_agent as an_agent_of
from tests.building import owner, transaction
from tests.callbacks.steps import a_call, ago, asked, closed, make_due, row, taken
from tests.offers.doing import events_of, in_, sound
from tests.racing import at_once

NUMBERS = itertools.count(20_200_000)
CALM = """
    TRUNCATE inquiry, journal, offer CASCADE;
    UPDATE agent_work SET load = 0, misses = 0, rests_until = NULL, presence = 'available', connected = true
"""
RESTED = """
    UPDATE offer SET answered_at = answered_at - interval '1 hour', released_at = released_at - interval '1 hour'
    WHERE answered_at IS NOT NULL AND released_at IS NOT NULL;
    UPDATE agent_work SET misses = 0, rests_until = NULL, presence = 'available'
"""


def as_owner(statements):
    with owner().begin() as connection:
        connection.exec_driver_sql(statements)


class Somebody:
    """One citizen with one number, whom one agent serves; each step is what may happen next."""

    def __init__(self, pbx, agent):
        as_owner(CALM)
        self.pbx, self.agent, self.number = pbx, agent, f"+45{next(NUMBERS)}"
        self.first = a_call(pbx, self.number, received_at=ago(minutes=9))
        self.age, self.served = row(self.first).queued_at, False

    def theirs(self):
        by_number = col(Citizen.phone_hash) == search_hash(self.number, "phone")
        with transaction() as session:
            mine = select(Inquiry).join(Citizen, col(Citizen.inquiry_id) == col(Inquiry.id)).where(by_number)
            return list(session.exec(mine.order_by(col(Inquiry.id))).all())

    def live(self):
        return [one for one in self.theirs() if one.state not in ENDED]

    def asks(self):
        for one in self.live()[-1:]:
            answer = self.pbx.post(f"/inquiries/{one.id}/callback", json={"phone": self.number})
            assert answer.status_code in (200, 409), answer.text

    def asks_elsewhere(self):
        asked(self.pbx, a_call(self.pbx, self.number, channel="web"), self.number)

    def rings_in(self):
        a_call(self.pbx, self.number)

    def rings_in_unread(self):
        a_call(self.pbx, self.number, classified=False)

    def hangs_up(self):
        for one in self.live():
            answer = self.pbx.post(f"/inquiries/{one.id}/abandonment")
            if answer.status_code == 200:
                self.is_served()  # of their own will, and a place that nobody follows in goes with it

    def comes_due(self):
        make_due()

    def comes_due_twice(self):
        as_owner("UPDATE inquiry SET call_from = now() WHERE state = 'callback'")
        at_once(*[lambda: call_backs(now())] * 2)

    def comes_due_and_the_router_is_killed(self):
        as_owner("UPDATE inquiry SET call_from = now() WHERE state = 'callback'")
        for one in self.live():
            killed_in_mid_ringing(one.id)

    def is_offered(self):
        as_owner(RESTED)
        route()

    def offer_lapses(self):
        lapses(in_(minutes=1))

    def is_taken(self):
        for offer in self.agent.get("/me").json()["offers"]:
            assert self.agent.post(f"/offers/{offer['id']}/acceptance").status_code == 200

    def does_not_answer(self):
        for one in self.agent.get("/me").json()["inquiries"]:
            if closed(self.agent, one["id"], "no_answer") == "closed":
                self.is_served()

    def is_answered(self):
        for one in self.agent.get("/me").json()["inquiries"]:
            closed(self.agent, one["id"], "resolved")
            self.is_served()

    def is_served(self):
        left = self.live()
        self.served, self.age = not left, min((one.queued_at for one in left), default=None)

    def must_be_well(self):
        call_backs(now())
        sound()
        live = self.live()
        assert live or self.served, "the citizen is lost"
        if live:
            self.served = False
            oldest = min(one.queued_at for one in live)
            assert self.age is None or oldest <= self.age, "the place is lost"
            self.age = oldest
        back = [one for one in live if one.call_from is not None]
        assert len(back) <= 1, "rung twice"
        assert sum(one.state in (State.OFFERED, *HELD) for one in back) <= 1


def killed_in_mid_ringing(inquiry_id):
    """A router's connection ends between its statements and its commit, as when the process is killed."""
    session = building.session()
    directory = load(session)
    ring(session, inquiry_id, now(), directory)
    session.connection().connection.dbapi_connection.close()
    session.invalidate()


STEPS = [name for name, step in vars(Somebody).items() if callable(step)
         and name not in ("__init__", "theirs", "live", "is_served", "must_be_well")]  # fmt: skip


@pytest.fixture
def pbx(web):
    a_pool()
    return Api(web, a_key())


@pytest.fixture
def agent(pbx, web):
    return signed_in(web, an_agent_of(presence="available", connected=True)[1])


@given(st.lists(st.sampled_from(STEPS), min_size=3, max_size=9))
@example(["asks", "comes_due", "is_offered", "rings_in", "is_taken", "does_not_answer", "comes_due"])
@example(["asks", "rings_in", "asks", "comes_due", "is_offered", "is_taken", "does_not_answer"])
@example(["asks", "comes_due_and_the_router_is_killed", "comes_due_twice", "hangs_up", "is_offered", "offer_lapses"])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_citizen_who_wants_to_be_rung_is_rung_once_whatever_comes_between(pbx, agent, steps):
    citizen = Somebody(pbx, agent)
    for name in steps:
        getattr(citizen, name)()
        citizen.must_be_well()


def test_of_several_routers_one_puts_it_back_and_of_several_requests_one_is_the_call_back(pbx):
    calls = [a_call(pbx, channel="web") for _ in range(4)]
    answers = at_once(*[lambda one=one: asked(pbx, one)["id"] for one in calls])
    assert len(set(answers)) == 1
    assert sorted(row(one).state for one in calls) == ["callback", "closed", "closed", "closed"]
    as_owner("UPDATE inquiry SET call_from = now() WHERE state = 'callback'")
    a_ready_agent()
    at_once(*[lambda: call_backs(now())] * 4, *[route] * 2)
    route()
    events = events_of(row(answers[0]).id)
    assert (events.count("due"), events.count("offered")) == (1, 1)
    sound()


def test_a_router_that_is_killed_in_mid_ringing_leaves_it_to_the_next(pbx, agent):
    call = a_call(pbx)
    asked(pbx, call)
    killed_in_mid_ringing(row(call).id)
    assert row(call).state == "callback" and "due" not in events_of(row(call).id)
    call_backs(now())
    assert row(call).state == "waiting"
    with transaction() as session:
        [agent_id] = session.connection().exec_driver_sql("SELECT agent_id FROM agent_work").scalars()
    taken(agent, agent_id, call)
    sound()
