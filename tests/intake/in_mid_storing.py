"""Stores an inquiry and commits once a line comes; its arguments are integrator, key and body."""

import asyncio
import sys

from hotline.clock import now
from hotline.db import open_pool
from hotline.intake.draft import prepare
from hotline.intake.requests import InquiryIn
from hotline.intake.store import store
from hotline.tenant import INTAKE


async def main(integrator, key, body):
    """Store it, say so, wait for a line, commit."""
    draft = prepare(InquiryIn.model_validate_json(body), int(integrator), key, body.encode(), now())
    pool = await open_pool(INTAKE)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        assert await store(connection, [draft], now())
        print("stored", flush=True)
        assert await asyncio.to_thread(sys.stdin.readline)
    await pool.close()


asyncio.run(main(*sys.argv[1:]))
