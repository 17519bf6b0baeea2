"""The connector of a telephone exchange: leads its calls while no other connector does."""

import asyncio
from collections.abc import Callable

from hotline.db import open_pool
from hotline.intake.resources import Intake
from hotline.integrations.ari.asterisk import Asterisk
from hotline.integrations.ari.connector import at_work
from hotline.integrations.ari.rules import Rules
from hotline.tenant import INTAKE


def run(asterisk: Callable[[], Asterisk], app: str, rules: Rules) -> None:
    """Lead calls until SIGTERM or Ctrl-C; `asterisk` makes a connection to the exchange."""
    asyncio.run(_run(asterisk, app, rules))


async def _run(asterisk: Callable[[], Asterisk], app: str, rules: Rules) -> None:
    pool = await open_pool(INTAKE)
    intake = Intake(pool)
    intake.begin()
    try:
        await at_work(asterisk, app, rules, intake, lambda: True)
    finally:
        await intake.end()
        await pool.close()
