"""Two calls of one number that are stored at the same moment know of each other, wherever they come in."""

import asyncio

import pytest
from sqlmodel import select

from hotline.clock import now
from hotline.db import open_pool
from hotline.directory.queries import load
from hotline.inquiries.models import Inquiry
from hotline.intake import store
from hotline.intake.committer import Committer
from hotline.intake.draft import prepare
from hotline.intake.requests import InquiryIn
from hotline.intake.resources import Intake
from hotline.tenant import INTAKE
from tests.builders import HJORRING, a_key, a_pool
from tests.building import transaction


def a_call(number="20123456"):
    """A call that comes in now."""
    with transaction() as session:
        integrator = session.connection().exec_driver_sql("SELECT id FROM integrator").scalar_one()
    asked = InquiryIn(channel="phone", municipality=HJORRING, citizen={"phone": number})
    return prepare(asked, integrator, None, b"{}", now(), redial_seconds=600.0)


async def stored_beside(first, second, meanwhile):
    """Store the second by a committer while the transaction of the first is open."""
    pool = await open_pool(INTAKE)
    committer = Committer(pool, now, lambda: None)
    running = asyncio.create_task(committer.run())
    try:
        async with pool.acquire() as connection:
            other = connection.transaction()
            await other.start()
            assert await store.store(connection, [first], now())
            later = asyncio.create_task(committer.receive(second))
            await meanwhile(later, committer)
            await other.commit()
        return await asyncio.wait_for(later, 60)
    finally:
        running.cancel()
        await pool.close()


def resumed():
    """Which inquiry each resumes, by its id; those of one millisecond have no order."""
    with transaction() as session:
        return {one.id: one.resumes for one in session.exec(select(Inquiry)).all()}


@pytest.fixture
def caller(with_facts):
    a_pool(), a_key()


def test_a_call_follows_the_one_of_its_number_that_another_process_is_storing(caller, monkeypatch):
    monkeypatch.setattr("hotline.intake.committer.AGAIN", 0.2)  # as patient as a slow machine needs
    first, second, somebody = a_call(), a_call(), a_call("20123457")

    async def others_go_on(later, committer):
        await asyncio.wait_for(committer.receive(somebody), 60)
        assert not later.done()

    asyncio.run(stored_beside(first, second, others_go_on))
    assert resumed() == {first.id: None, second.id: first.id, somebody.id: None}


def test_a_process_that_hangs_in_mid_storing_keeps_nobody_from_ringing(caller, monkeypatch):
    monkeypatch.setattr("hotline.intake.committer.AGAIN", 0.001)

    async def is_stored(later, committer):
        await asyncio.wait_for(later, 60)

    asyncio.run(stored_beside(a_call(), a_call(), is_stored))
    assert [*resumed().values()] == [None, None]


def test_many_who_ring_at_once_are_counted_once(with_facts):
    a_pool(HJORRING, queue_limit=5)
    counts = []

    class Counting:
        def __init__(self, pool):
            self.pool = pool

        async def fetchval(self, *asked):
            counts.append(asked)
            return await self.pool.fetchval(*asked)

    async def all_at_once():
        pool = await open_pool(INTAKE)
        with transaction() as session:
            directory = load(session)
        intake = Intake(Counting(pool))
        asked = InquiryIn(channel="phone", municipality=HJORRING)
        moment = now()
        found = await asyncio.gather(*(intake.waiting(asked, directory, moment) for _ in range(20)))
        await pool.close()
        return found

    assert asyncio.run(all_at_once()) == [0] * 20
    assert len(counts) == 1
