"""Simulated agents and citizens against a real web process, database and router."""

import asyncio
from random import Random

import pytest
from sqlmodel import select

from hotline.client import AsyncClient
from hotline.demo.agents import Agent, Manner
from hotline.demo.traffic import hang_up
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Inquiry
from hotline.queue.run import route
from hotline.sample.sign_ins import SignIn
from tests.builders import PASSWORD, SKANDERBORG, a_key, a_pool, a_waiting_inquiry, an_agent, signed_in
from tests.building import transaction
from tests.waiting import until

QUICK = Manner(speed=500, refuses=0, misses=0)


def state_of(inquiry_id):
    with transaction() as session:
        return session.get_one(Inquiry, inquiry_id).state


def a_day_until_closed(url, username, manner, *inquiries):
    """An agent at work and a router beside them until these inquiries are closed; what the agent did, in order."""
    done = []

    async def day():
        async with AsyncClient(url) as client, asyncio.timeout(120):
            user = SignIn(username, PASSWORD, "agent", SKANDERBORG, ("passport",))
            noticed = lambda event, inquiry, user, outcome: done.append((event, inquiry))  # noqa: E731
            agent = Agent(client, user, manner, Random(4), {}, noticed)
            work = asyncio.create_task(agent.work())
            # Not until the tables say so: a closure is written before its answer has reached the agent.
            while any(("closed", str(inquiry)) not in done for inquiry in inquiries):
                assert not work.done(), work.exception()
                await asyncio.to_thread(route)
                await asyncio.sleep(0.1)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    asyncio.run(day())
    assert {state_of(inquiry) for inquiry in inquiries} == {"closed"}
    return done


def test_an_agent_answers_and_closes_what_comes(web):
    a_pool()
    _, username = an_agent()
    inquiries = [a_waiting_inquiry(channel=channel) for channel in ("phone", "email", "chat")]
    done = a_day_until_closed(web, username, QUICK, *inquiries)
    for inquiry in inquiries:
        assert [event for event, of in done if of == str(inquiry)] == ["accepted", "closed"]
    with transaction() as session:
        written = session.exec(select(Message.inquiry_id)).all()
    assert [written.count(inquiry) for inquiry in inquiries] == [0, 1, 2]  # who chats is greeted first


def test_an_agent_who_begins_again_ends_what_they_had_accepted_before(web):
    a_pool()
    _, username = an_agent(presence="available", connected=True)
    inquiry = a_waiting_inquiry()
    route()
    before = signed_in(web, username)
    [offer] = before.get("/me").json()["offers"]
    assert before.post(f"/offers/{offer['id']}/acceptance").status_code == 200
    assert a_day_until_closed(web, username, QUICK, inquiry) == [("closed", str(inquiry))]


def test_an_agent_who_goes_home_is_offline(web):
    a_pool()
    _, username = an_agent()
    a_day_until_closed(web, username, QUICK, a_waiting_inquiry())
    me = signed_in(web, username)  # they say so on leaving, and do not wait for the answer for long
    until(lambda: me.get("/me").json()["presence"] == "offline", "they are offline")


@pytest.mark.parametrize("answered", [False, True])
def test_only_who_is_still_waiting_can_hang_up(web, answered):
    a_pool()
    key = a_key()
    agent_id, _ = an_agent()
    taken = {"state": "handling", "agent_id": agent_id} if answered else {}
    inquiry = a_waiting_inquiry(channel="phone", **taken)

    async def give_up():
        async with AsyncClient(web, key) as client:
            return await hang_up(client, str(inquiry))

    assert asyncio.run(give_up()) is not answered
    assert state_of(inquiry) == ("handling" if answered else "abandoned")
