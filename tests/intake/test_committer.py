"""Whatever a connection dies of, the next request is stored: nobody waits for ever."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from hotline.clock import now
from hotline.db import open_pool
from hotline.errors import NotReady
from hotline.intake import committer
from hotline.intake.draft import prepare
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


@pytest.mark.parametrize("death", [asyncpg.InternalClientError("torn"), OSError("gone"), RuntimeError("unheard of")])
def test_whatever_a_connection_dies_of_is_said_and_the_next_inquiry_is_stored(desk, death):
    a_pool()
    a_key()
    with transaction() as session:
        integrator = session.connection().exec_driver_sql("SELECT id FROM integrator").scalar_one()
    asked = InquiryIn(channel="web", municipality=HJORRING, text="Mit pas udløber")

    def draft():
        return prepare(asked, integrator, str(uuid4()), b"{}", now())

    async def two():
        pool = await open_pool(INTAKE)
        one = committer.Committer(Dying(pool, [death]), now, lambda: None)
        running = asyncio.create_task(one.run())
        try:
            with pytest.raises(NotReady):
                await asyncio.wait_for(one.receive(draft()), 60)
            return await asyncio.wait_for(one.receive(draft()), 60)
        finally:
            running.cancel()
            await pool.close()

    assert asyncio.run(two())["state"] == "received"
