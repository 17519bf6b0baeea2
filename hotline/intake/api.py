"""POST /inquiries: the way in for phone systems, forms, mail and bots."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.responses import Response

from hotline.access.guards import KeyHolder, bearer_in
from hotline.clock import now
from hotline.errors import HotlineError, Invalid
from hotline.intake.admit import admit
from hotline.intake.draft import Answer, Draft, prepare
from hotline.intake.errors import QueueFull
from hotline.intake.requests import InquiryAnswer, InquiryIn, has_nul
from hotline.intake.resources import Intake
from hotline.intake.store import explain, rings_again
from hotline.policies import current_policy
from hotline.web.errors import BrokenRequest, WrongContentType
from hotline.web.parameters import must_know
from hotline.web.problems import fields_of, problems


class Direct(APIRoute):
    """A route whose endpoint takes the request itself and gives the response: the framework only describes it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The endpoint, which has no dependencies to solve, no arguments to read and nothing to serialise."""
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint


router = APIRouter(tags=["inquiries"], route_class=Direct)

KEY_CHARACTERS = 255
RAISED = "hotline.intake.raised"  # in a request's scope: what went wrong on the short way (entrance.py)
LONG = 4_000  # bytes of a body; to look through more for CPR numbers holds up the others, so a thread does it

BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": KEY_CHARACTERS},
            "description": "A word of your own for this request. The same word with the same body is answered as the "
            "first time, for as long as the inquiry is kept; with another body it is refused. While the first request "
            "is still being worked on, a repeat is answered 409 `still-running`, without an `id`: send it again then.",
            "example": '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/InquiryIn"}}},
    },
}


@router.post(
    "/inquiries",
    status_code=201,
    response_model=InquiryAnswer,
    responses=problems(400, 401, 403, 409, 413, 415, 422, 429, 503),
    openapi_extra=BODY,
)
async def create_inquiry(request: Request) -> Response:
    """Take in an inquiry. It is stored for good when this answers, and may be sent again safely with its
    Idempotency-Key or external_id."""
    if (raised := request.scope.get(RAISED)) is not None:
        raise raised
    must_know(request, set())
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise Invalid("Idempotency-Key is given more than once")
    answer = await take_in(request.app.state.intake, request.headers, request.body)
    return Response(answer.body, 201, {"Location": answer.location}, media_type="application/json")


async def take_in(intake: Intake, headers: Mapping[str, str], read: Callable[[], Awaitable[bytes]]) -> Answer:
    """Store the inquiry that was sent with these headers, their names in small letters, in the body that `read` gives.

    Raises what the endpoint may answer (HotlineError).
    """
    moment = now()
    holder = await intake.keys.holder(bearer_in(headers.get("authorization", "")), moment)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongContentType
    return await hand_in(intake, holder, await read(), headers.get("idempotency-key"), moment)


async def hand_in(intake: Intake, holder: KeyHolder, body: bytes, header: str | None, moment: datetime) -> Answer:
    """Store the inquiry of this JSON text, which came at `moment` (aware) from this integrator; `header` is the
    Idempotency-Key that came with it, if one did.

    Raises what the endpoint may answer (HotlineError).
    """
    asked = parse(body)
    holder.must_be_for(asked.municipality)
    key = idempotency_key(header)
    directory = await intake.directory.get_async(intake.pool)
    drafted = partial(
        prepare,
        asked,
        holder.integrator_id,
        key,
        body,
        moment,
        keep_cpr=directory.keeps_cpr(asked.municipality, moment),
        redial_seconds=directory.redial_seconds(asked.municipality, moment),
        outside=not directory.is_member(asked.municipality, moment),
        nobody_there=await intake.nobody_there(asked, directory, moment),
    )
    draft = drafted() if len(body) <= LONG else await asyncio.to_thread(drafted)
    try:
        admit(asked, directory, await intake.waiting(asked, directory, moment), moment, current_policy())
    except HotlineError as error:
        # Whoever has a place in the queue, or just had one, takes no more room; and what was taken in before and is
        # sent again is answered as then, though the hotline has closed since.
        if not (isinstance(error, QueueFull) and await rings_again(intake.pool, draft, moment)):
            return await already(intake.pool, draft, error)
    return await intake.committer.receive(draft)


async def already(pool: asyncpg.Pool, draft: Draft, error: HotlineError) -> Answer:
    """The first answer to a request that is known. Raises KeyReused or DuplicateExternalId, else the error."""
    known = await explain(pool, draft)
    if isinstance(known, Answer):
        return known
    raise known or error


def parse(body: bytes) -> InquiryIn:
    """The request of a JSON text. Raises BrokenRequest where it is no JSON, Invalid where it is no inquiry."""
    if has_nul(body):
        raise Invalid("a text holds the character NUL")
    try:
        return InquiryIn.model_validate_json(body)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_input=False)):
            raise BrokenRequest("the body is no JSON") from error
        raise Invalid(errors=fields_of(error.errors(include_input=False, include_url=False))) from error


def idempotency_key(header: str | None) -> str | None:
    """The key of an Idempotency-Key header, which the draft standard quotes and many do not. Raises BrokenRequest."""
    if header is None:
        return None
    word = header.strip()
    if len(word) >= 2 and word[0] == word[-1] == '"':
        word = word[1:-1]
    if not word or len(word) > KEY_CHARACTERS or not word.isascii() or not word.isprintable():
        raise BrokenRequest(f"Idempotency-Key must have 1 to {KEY_CHARACTERS} printable characters")
    return word
