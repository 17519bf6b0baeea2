"""POST /sms/{token}: a gateway tells what came in, and whether what it was handed has arrived."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool

from hotline.access.errors import NotSignedIn, WrongKindOfKey
from hotline.access.keys import Scope
from hotline.clock import now
from hotline.db import transaction
from hotline.integrations.sms import send
from hotline.integrations.sms.take import SMS, take
from hotline.integrations.sms.told import Arrived, Came, Failed, told
from hotline.tenant import at_work
from hotline.web.errors import WrongContentType
from hotline.web.one_thread import OneThread
from hotline.web.problems import problems

router = APIRouter(tags=["integrations"], route_class=OneThread)

EXAMPLE = {
    "id": "Ey6ECgOkVVFjz3CL48B8C",
    "event": "sms:received",
    "payload": {
        "messageId": "abc123",
        "message": "Mit pas udløber på fredag",
        "phoneNumber": "+4520123456",
        "receivedAt": "2026-11-30T10:15:00+01:00",
    },
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "additionalProperties": True, "examples": [EXAMPLE]}}
        },
    }
}


@router.post("/sms/{token}", responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503), openapi_extra=BODY)
async def create_sms_event(
    request: Request, token: Annotated[str, Path(description="The integrator's key.", max_length=200)]
) -> dict[str, str]:
    """Tell of an SMS: `sms:received`, or of an answer that was handed on `sms:delivered` or `sms:failed`.

    The first of a number is an inquiry, what it writes while that is open belongs to it. Repeated and out-of-order
    events are normal; what tells nothing new is answered the same. A 503 may be sent again. 404: the key's integrator
    has no gateway (`hotline sms add`).
    """
    moment = now()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in ("", "application/json"):
        raise WrongContentType
    try:
        holder = await request.app.state.intake.keys.holder(token, moment)
    except WrongKindOfKey:
        raise NotSignedIn from None
    holder.must_have(Scope.INTAKE)
    match told(await request.body()):
        case Came() as came:
            await take(request.app.state.intake, holder, came, moment)
        case Arrived() | Failed() as report:
            await run_in_threadpool(_reported, holder.integrator_id, report)
    return {}


def _reported(integrator_id: int, report: Arrived | Failed) -> None:
    with transaction(at_work(SMS)) as session:
        send.reported(session, integrator_id, report, now())
