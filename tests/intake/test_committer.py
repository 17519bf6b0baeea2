"""Whatever a connection dies of or hangs in, nobody waits for ever: the next request is stored, a repeat is told."""

import asyncio
import json
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import asyncpg
import pytest

from hotline.clock import now
from hotline.db import open_pool
from hotline.errors import InternalError, NotReady
from hotline.intake import committer
from hotline.intake.draft import prepare
from hotline.intake.errors import KeyReused, StillRunning
from hotline.intake.requests import InquiryIn
from hotline.tenant import INTAKE
from tests.builders import HJORRING, a_key, a_pool
from tests.building import transaction


class Between:
    """A real pool, and what comes between it and a statement that is given to it or to one of its connections."""

    def __init__(self, pool, before):
        self.pool, self.before, self.asked = pool, before, 0

    @asynccontextmanager
    async def acquire(self):
        async with self.pool.acquire() as connection:
            yield Between(connection, self.fetch_after)

    async def fetch_after(self):
        self.asked += 1
        await self.before()

    async def fetch(self, *asked):
        await self.before()
        return await self.pool.fetch(*asked)

    async def fetchrow(self, *asked):
        return await self.pool.fetchrow(*asked)


class Dying(Between):
    """Its connections die of something before they work again, as at a kill of the server."""

    def __init__(self, pool, deaths):
        super().__init__(pool, self.die)
        self.deaths = deaths

    async def die(self):
        if self.deaths:
            raise self.deaths.pop(0)


class Hanging(Between):
    """Its first writing stands still until it is let go."""

    def __init__(self, pool):
        super().__init__(pool, self.hang)
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def hang(self):
        if not self.begun.is_set():
            self.begun.set()
            await self.go.wait()


@asynccontextmanager
async def one_that_hangs(draft):
    """A committer, what holds it up, and the answer to this draft, whose writing stands still by now."""
    pool = await open_pool(INTAKE)
    hanging = Hanging(pool)
    one = committer.Committer(hanging, now, lambda: None)
    running = asyncio.create_task(one.run())
    first = asyncio.create_task(one.receive(draft))
    try:
        await asyncio.wait_for(hanging.begun.wait(), 60)
        yield one, hanging, first
    finally:
        running.cancel()
        pool.terminate()  # not closed in peace: where a test fails, what holds it up is never let go


def a_draft():
    """What makes drafts of an inquiry, each by its key and its body."""
    a_pool()
    a_key()
    with transaction() as session:
        integrator = session.connection().exec_driver_sql("SELECT id FROM integrator").scalar_one()
    asked = InquiryIn(channel="web", municipality=HJORRING, text="Mit pas udløber")
    return lambda key=None, body=b"{}": prepare(asked, integrator, key or str(uuid4()), body, now())


def test_a_repeat_is_told_at_once_that_the_first_is_still_running_though_this_very_process_hangs(with_facts):
    draft = a_draft()

    async def three():
        async with one_that_hangs(draft("a")) as (one, hanging, first):
            for body in (b"{}", b'{"text": "another"}'):
                with pytest.raises(StillRunning):
                    await asyncio.wait_for(one.receive(draft("a", body)), 60)
            hanging.go.set()
            answers = [await first] + await asyncio.gather(*(one.receive(draft("a")) for _ in range(4)))
            with pytest.raises(KeyReused):
                await one.receive(draft("a", b'{"text": "another"}'))
            return answers

    answers = asyncio.run(three())
    assert answers == [answers[0]] * 5


def test_a_batch_that_hangs_holds_up_nobody_who_comes_after_it(with_facts):
    draft = a_draft()

    async def two():
        async with one_that_hangs(draft()) as (one, hanging, first):
            await asyncio.wait_for(one.receive(draft()), 60)
            assert not first.done()
            hanging.go.set()
            return await asyncio.wait_for(first, 60)

    assert json.loads(asyncio.run(two()).body)["state"] == "received"


def test_those_who_come_one_right_after_the_other_are_one_batch(with_facts):
    draft = a_draft()

    async def many():
        pool = await open_pool(INTAKE)
        between = Between(pool, partial(asyncio.sleep, 0))
        one = committer.Committer(between, now, lambda: None)
        running = asyncio.create_task(one.run())
        waiting = []
        try:
            for _ in range(committer.TURNS):
                waiting.append(asyncio.create_task(one.receive(draft())))
                await asyncio.sleep(0)
            await asyncio.wait_for(asyncio.gather(*waiting), 60)
            return between.asked
        finally:
            running.cancel()
            await pool.close()

    assert asyncio.run(many()) == 1


@pytest.mark.parametrize(
    ("death", "said"),
    [
        (asyncpg.InternalClientError("torn"), NotReady),
        (OSError("gone"), NotReady),
        (asyncpg.DeadlockDetectedError("in the way"), NotReady),
        (RuntimeError("unheard of"), InternalError),
        (asyncpg.UndefinedTableError("no such table"), InternalError),
    ],
    ids=lambda one: type(one).__name__,
)
def test_whatever_a_connection_dies_of_is_said_and_the_next_inquiry_is_stored(with_facts, death, said):
    draft = a_draft()

    async def two():
        pool = await open_pool(INTAKE)
        one = committer.Committer(Dying(pool, [death]), now, lambda: None)
        running = asyncio.create_task(one.run())
        try:
            with pytest.raises(said):
                await asyncio.wait_for(one.receive(draft()), 60)
            return await asyncio.wait_for(one.receive(draft()), 60)
        finally:
            running.cancel()
            await pool.close()

    assert json.loads(asyncio.run(two()).body)["state"] == "received"
