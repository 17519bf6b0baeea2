"""Every error of the API as a problem document (RFC 9457), and their description in OpenAPI."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline.access.errors import NotAllowed, NotSignedIn, TooManyRequests
from hotline.errors import HotlineError, Invalid, NotFound, all_errors
from hotline.faults import told
from hotline.logs import log
from hotline.privacy.cpr import redact
from hotline.web.errors import BrokenRequest, MethodNotAllowed, TooLarge, WrongContentType

MEDIA_TYPE = "application/problem+json"
DENIED = (401, 403)
MOST_ERRORS = 50  # of one answer
LONGEST_NAME = 100  # characters of a member, as attributes may have
BY_STATUS: dict[int, type[HotlineError]] = {
    400: BrokenRequest,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: WrongContentType,
    422: Invalid,
    429: TooManyRequests,
}


def answer(error: HotlineError) -> JSONResponse:
    """The response for an error of ours; a CPR number that was sent as a name or a slug does not come back in it."""
    return JSONResponse(_redacted(error), error.status, headers(error), media_type=MEDIA_TYPE)


def headers(error: HotlineError) -> dict[str, str]:
    """What a program reads beside the document: how to sign in, or after how many seconds to try again."""
    if error.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if error.status in (429, 503):
        return {"Retry-After": str(error.members.get("retry_after", 1))}
    return {}


def fields_of(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Pydantic's findings as `errors` of a problem: where (a JSON pointer), and what; never what was sent.

    No more than fifty. A member's name that is longer than any of ours is not told either.
    """
    return [
        {"detail": str(one["msg"]).removeprefix("Value error, "), "pointer": _pointer(_path(one["loc"]))}
        for one in islice(errors, MOST_ERRORS)
    ]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of these statuses: every type of problem that comes with them, with an example."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        kinds = [kind for kind in all_errors() if kind.status == status]
        examples = {kind.slug(): {"summary": kind.title(), "value": kind().problem()} for kind in kinds}
        described[status] = {
            "description": " / ".join(kind.title() for kind in kinds),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
        }
    return described


def install(app: FastAPI, page: Callable[[Request, HotlineError], Response | None] = lambda *_: None) -> None:
    """Have every error of `app` answered as a problem, unless `page` has an answer for a browser."""

    def respond(request: Request, error: HotlineError) -> Response:
        if error.status in DENIED and not error.logged:
            _log_denied(request, error)
        shown = page(request, error)
        if shown is None:
            return answer(error)
        if error.status in (429, 503):
            shown.headers.update(headers(error))
        return shown

    @app.exception_handler(HotlineError)
    def _ours(request: Request, error: HotlineError) -> Response:
        return respond(request, error)

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> Response:
        if any(one["type"] == "json_invalid" for one in error.errors()):
            return respond(request, BrokenRequest("the body is no JSON"))
        if isinstance(error.body, bytes):  # so the framework leaves what does not say that it is JSON
            return respond(request, WrongContentType())
        return respond(request, Invalid(errors=fields_of(error.errors())))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        kind = BY_STATUS.get(error.status_code)
        if kind is None:
            return JSONResponse(
                {"type": "about:blank", "title": str(error.detail), "status": error.status_code},
                error.status_code,
                error.headers,
                media_type=MEDIA_TYPE,
            )
        # What the framework says where nobody has said anything is the status in words, which the title does better.
        said = "" if error.detail == HTTPStatus(error.status_code).phrase else error.detail
        answered = respond(request, kind(said))
        if kind is MethodNotAllowed:
            answered.headers["Allow"] = _allowed(request)
        return answered

    app.add_middleware(Faults, respond=respond)


class Faults:
    """ASGI middleware that answers what nobody meant to raise, and hears without a word of whoever goes away.

    Put up before every other one, so that whatever they do to an answer they do to this one. An answer that had begun
    is cut off: the other side sees that it is not whole.
    """

    def __init__(self, app: ASGIApp, respond: Callable[[Request, HotlineError], Response]) -> None:
        self.app, self.respond = app, respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer."""
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        except ClientDisconnect:
            log(__name__).info("broken off")
        except Exception as error:
            if scope["type"] != "http":
                raise
            meant = told(error, __name__)
            if not begun:
                await self.respond(Request(scope, receive), meant)(scope, receive, send)


def _allowed(request: Request) -> str:
    """The methods of every route at this address: the framework tells those of the first alone."""
    routes = iter_route_contexts(request.app.routes)
    here = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in here for method in route.methods or {"GET"}}))  # a folder is only read


def _log_denied(request: Request, error: HotlineError) -> None:
    """Who was refused what. Not the address that was asked for, in which anything may stand."""
    endpoint = request.scope.get("endpoint")
    action = f"{endpoint.__module__}.{endpoint.__name__}" if endpoint else None
    log(__name__).info("refused", kind=error.slug(), action=action, who=getattr(request.state, "who", "nobody"))


def _redacted(error: HotlineError) -> dict[str, Any]:
    """The members that may quote what was sent, without CPR numbers; ids and times stay as they are."""
    clean = error.problem()
    for name in ("detail", *(error.members if error.said("en") else ())):
        if isinstance(clean.get(name), str):
            clean[name] = redact(clean[name])[0]
    if "errors" in clean:
        clean["errors"] = [{name: redact(value)[0] for name, value in one.items()} for one in clean["errors"]]
    return clean


def _pointer(parts: list[Any]) -> str:
    """The JSON pointer (RFC 6901) to a part, as a fragment of an address; `#` is the whole."""
    named = (part if len(part) <= LONGEST_NAME else "…" for part in map(str, parts))
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in named)


def _path(location: Iterable[Any]) -> list[Any]:
    parts = list(location)
    return parts[1:] if parts and parts[0] in {"body", "query", "path", "header"} else parts
