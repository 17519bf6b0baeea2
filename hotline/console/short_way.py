"""The short way to GET /me: sign-in and state in one transaction on the event loop."""

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg
from fastapi import Request
from pydantic import TypeAdapter
from starlette.responses import Response

from hotline.access.at_once import person_at_once
from hotline.access.guards import bearer
from hotline.clock import now
from hotline.console.requests import Me
from hotline.console.state import shaped, statement
from hotline.settings import settings
from hotline.tenant import at_console
from hotline.web.one_thread import Answer
from hotline.web.shown import Shown

STATE = statement("$1")
ME: TypeAdapter[Me] = TypeAdapter(Me)


class ShortWay(Shown):
    """The route of /me: it answers an agent's bearer token at once, and leaves every other request to the long way.

    So it does while others keep all connections but one busy: that one is the event streams'.
    """

    def get_route_handler(self) -> Answer:
        """The long way's, behind the short one."""
        at_length, free = super().get_route_handler(), asyncio.Semaphore(max(settings().pool_size - 1, 1))

        async def answer(request: Request) -> Response:
            token = bearer(request)
            usual = token and not request.scope["query_string"] and "hx-request" not in request.headers
            if not usual or token is None or free.locked():
                return await at_length(request)
            async with free:
                state = await _state(request.app.state.hub.pool, token)
            if state is None:
                return await at_length(request)
            request.app.state.hub.noticed(state["agent_id"])
            return Response(ME.dump_json(ME.validate_python(state)), media_type="application/json")

        return answer


async def _state(pool: asyncpg.Pool, token: str) -> Mapping[str, Any] | None:
    """As read_me finds it; None for who is no agent, or comes in by no such token."""
    async with pool.acquire() as connection, connection.transaction():
        who = await person_at_once(connection, token, now())
        if who is None:
            return None
        await connection.execute(at_console(who).entering())
        row = await connection.fetchrow(STATE, [who.person])
    return shaped(row) if row else None
