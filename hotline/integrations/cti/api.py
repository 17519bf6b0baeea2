"""POST /cti/{token}: a telephone exchange tells of its calls, as often and in whatever order it likes."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool

from hotline.access.errors import NotSignedIn, WrongKindOfKey
from hotline.clock import now
from hotline.db import transaction
from hotline.errors import HotlineError
from hotline.intake.api import take_in
from hotline.intake.errors import DuplicateExternalId
from hotline.integrations.cti import calls
from hotline.integrations.cti.events import CallEvent, members, parse
from hotline.integrations.cti.models import CtiCall
from hotline.integrations.cti.numbers import of_citizens
from hotline.logs import log
from hotline.tenant import at_work
from hotline.web.errors import WrongContentType
from hotline.web.one_thread import OneThread
from hotline.web.problems import problems

router = APIRouter(tags=["integrations"], route_class=OneThread)

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
UNKNOWN_NUMBER = "unknown-number"
EXAMPLE = {
    "event": "newCall",
    "from": "+4520123456",
    "to": "1150751",
    "direction": "in",
    "callId": "pbx-1764500000.42",
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "object", "additionalProperties": True, "examples": [EXAMPLE]}}
            for kind in ("application/json", "application/x-www-form-urlencoded")
        },
    }
}


@router.post("/cti/{token}", responses=problems(400, 401, 403, 413, 415, 422, 429, 503), openapi_extra=BODY)
async def create_call_event(
    request: Request, token: Annotated[str, Path(description="The integrator's key.", max_length=200)]
) -> dict[str, str]:
    """Tell of a call: `newCall`, `answer` or `hangup`, with `callId` or `call_id`, `from`, `to`, `direction`.

    Of an answer also who did: `answeringNumber` or `user`. The number that was called says whose citizen rings, and
    what about. Late, repeated and out-of-order events are normal; what tells nothing new, and what is no citizen's
    call, is answered the same. A 503 may be sent again.
    """
    moment = now()
    try:
        holder = await request.app.state.intake.keys.holder(token, moment)
    except WrongKindOfKey:
        raise NotSignedIn from None
    event = parse(await _pairs(request))
    if event is None or not event.inbound:
        return {}
    call = await run_in_threadpool(_hear, holder.integrator_id, event, moment)
    if calls.needs_inquiry(call):
        await _begin(request, token, holder.integrator_id, call, event)
    await run_in_threadpool(_settle, holder.integrator_id, call, now())
    return {}


async def _pairs(request: Request) -> Iterable[tuple[str, Any]]:
    """Names and values, of a form or of JSON; what does not say which it is, is JSON. Raises WrongContentType."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in FORMS:
        return (await request.form()).multi_items()
    if kind not in ("", "application/json"):
        raise WrongContentType
    return members(await request.body())


async def _begin(request: Request, token: str, integrator_id: int, call: CtiCall, event: CallEvent) -> None:
    """Hand the call in as anybody does; it is stored once, whoever tells of it at the same time."""
    intake = request.app.state.intake
    directory = await intake.directory.get_async(intake.pool)
    number = await run_in_threadpool(_of_citizens, integrator_id, event.called)
    if number is None:
        await run_in_threadpool(_nothing, integrator_id, call, UNKNOWN_NUMBER, event.called)
        return
    topic = directory.topics.get(number.topic) if number.topic else None
    asked = {
        "channel": "phone",
        "municipality": number.municipality,
        "topic": number.topic if topic and topic.open else None,
        "citizen": {"phone": event.caller} if event.caller else None,
        "external_id": f"{event.call_id}@{call.first_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "received_at": call.first_at.isoformat(),
    }
    body = json.dumps(asked).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def whole() -> bytes:
        return body

    try:
        answer = await take_in(intake, headers, whole)
    except DuplicateExternalId as known:
        inquiry_id = UUID(known.members["id"])
    except HotlineError as error:
        if error.status >= 500:
            raise
        log(__name__).info("no inquiry of a call", kind=error.slug(), integrator=integrator_id)
        await run_in_threadpool(_nothing, integrator_id, call, error.slug(), event.called)
        return
    else:
        inquiry_id = UUID(json.loads(answer.body)["id"])
    await run_in_threadpool(_became, integrator_id, call, inquiry_id, number.calls_back)


def _hear(integrator_id: int, event: CallEvent, moment: datetime) -> CtiCall:
    with transaction(at_work(f"integrator {integrator_id}")) as session:
        return calls.hear(session, integrator_id, event, moment)


def _of_citizens(integrator_id: int, called: str) -> Any:
    with transaction(at_work(f"integrator {integrator_id}")) as session:
        return of_citizens(session, called)


def _became(integrator_id: int, call: CtiCall, inquiry_id: UUID, calls_back: bool) -> None:
    with transaction(at_work(f"integrator {integrator_id}")) as session:
        calls.became(session, call, inquiry_id, calls_back)


def _nothing(integrator_id: int, call: CtiCall, why: str, called: str) -> None:
    with transaction(at_work(f"integrator {integrator_id}")) as session:
        calls.came_to_nothing(session, call, why, called)


def _settle(integrator_id: int, call: CtiCall, moment: datetime) -> None:
    with transaction(at_work(f"integrator {integrator_id}")) as session:
        assert call.id is not None  # it came from the database
        calls.settle(session, call.id, moment)
