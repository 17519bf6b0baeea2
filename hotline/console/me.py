"""/me: who I am, what I do, what is before me, and the stream that tells when it changes."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from hotline.access.guards import ActingAgent, SignedIn, sign_in_of, signed_in, signed_in_agent
from hotline.access.sessions import token_hash
from hotline.agents import presence
from hotline.clock import now
from hotline.console.hub import Hub
from hotline.console.requests import Me, PresenceRequest
from hotline.console.short_way import ShortWay
from hotline.console.state import presence_of, state_of
from hotline.console.stream import Stream
from hotline.db import Db, transaction
from hotline.directory.models import Agent
from hotline.tenant import DOOR
from hotline.web.problems import problems
from hotline.web.shown import Shown

router = APIRouter(tags=["agents"], route_class=Shown)

# A page cannot set a header there (guards.signed_in reads it).
Visitor = Annotated[str | None, Query(description="Whose page asks; refused where somebody else is signed in by now")]


def read_me(request: Request, person: SignedIn, db: Db) -> dict[str, object]:
    """Who I am and what is before me. For an agent, asking counts as being there."""
    if db.get(Agent, person.id) is None or person.id is None:
        return {name: getattr(person, name) for name in ("username", "name", "role", "municipality")}
    request.app.state.hub.noticed(person.id)
    return state_of(db, person.id)


router.add_api_route(
    "/me", read_me, methods=["GET"], response_model=Me, responses=problems(401), route_class_override=ShortWay
)


@router.put("/me/presence", responses=problems(401, 403, 422))
def update_presence(body: PresenceRequest, agent: ActingAgent, db: Db) -> dict[str, object]:
    """Say what I do. On `break` and `offline` open offers go back to the queue; what I have in hand stays mine."""
    said = presence.say(db, agent.id, body.state, body.reason, now())
    return presence_of(
        {
            "presence": said.presence,
            "reason": said.presence_reason,
            "capacity": said.capacity,
            "load": said.load,
            "missed": None,
        }
    )


@router.get(
    "/me/events",
    response_class=StreamingResponse,
    responses=problems(401, 403) | {200: {"content": {"text/event-stream": {}}, "description": "Server-sent events."}},
)
async def read_events(request: Request, visitor: Visitor = None) -> StreamingResponse:
    """Server-sent events `offer`, `offer_gone`, `inquiry`, `message`, `presence`; a new stream begins with all."""
    hub: Hub = request.app.state.hub
    agent_id = await run_in_threadpool(_agent_of, request)
    stream = await hub.open(agent_id, token_hash(sign_in_of(request) or ""))
    return StreamingResponse(
        _until_gone(hub, stream),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _until_gone(hub: Hub, stream: Stream) -> AsyncIterator[str]:
    try:
        async for event in stream.events():
            yield event
    finally:
        hub.close(stream)


def _agent_of(request: Request) -> int:
    """Own transaction: a stream is open for hours and must not hold one."""
    with transaction(DOOR) as session:
        return signed_in_agent(signed_in(request, session), session).id
