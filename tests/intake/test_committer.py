"""Whatever a connection dies of or hangs in, nobody waits for ever: the next request is stored, a repeat is told."""

import asyncio
import json
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


class Dying:
    """A real pool whose connections die of something before they work again, as at a kill of the server."""

    def __init__(self, pool, deaths):
        self.pool, self.deaths = pool, deaths

    async def fetch(self, *asked):
        if self.deaths:
            raise self.deaths.pop(0)
        return await self.pool.fetch(*asked)

    async def fetchrow(self, *asked):
        return await self.pool.fetchrow(*asked)


class Hanging:
    """A real pool whose writing stands still until it is let go."""

    def __init__(self, pool):
        self.pool, self.begun, self.go = pool, asyncio.Event(), asyncio.Event()

    async def fetch(self, *asked):
        self.begun.set()
        await self.go.wait()
        return await self.pool.fetch(*asked)

    async def fetchrow(self, *asked):
        return await self.pool.fetchrow(*asked)


def a_draft():
    """What makes drafts of an inquiry, each by its key and its body."""
    a_pool()
    a_key()
    with transaction() as session:
        integrator = session.connection().exec_driver_sql("SELECT id FROM integrator").scalar_one()
    asked = InquiryIn(channel="web", municipality=HJORRING, text="Mit pas udløber")
    return lambda key=None, body=b"{}": prepare(asked, integrator, key or str(uuid4()), body, now())


def test_a_repeat_is_told_at_once_that_the_first_is_still_running_though_this_very_process_hangs(desk):
    draft = a_draft()

    async def three():
        pool = await open_pool(INTAKE)
        hanging = Hanging(pool)
        one = committer.Committer(hanging, now, lambda: None)
        running = asyncio.create_task(one.run())
        first = asyncio.create_task(one.receive(draft("a")))
        try:
            await asyncio.wait_for(hanging.begun.wait(), 60)
            for body in (b"{}", b"another"):
                with pytest.raises(StillRunning):
                    await asyncio.wait_for(one.receive(draft("a", body)), 60)
            hanging.go.set()
            answers = [await first] + await asyncio.gather(*(one.receive(draft("a")) for _ in range(4)))
            with pytest.raises(KeyReused):
                await one.receive(draft("a", b"another"))
            return answers
        finally:
            running.cancel()
            await pool.close()

    answers = asyncio.run(three())
    assert answers == [answers[0]] * 5


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
def test_whatever_a_connection_dies_of_is_said_and_the_next_inquiry_is_stored(desk, death, said):
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
