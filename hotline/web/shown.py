"""One route for programs and for our own pages: a program gets its JSON, a page what it shows after the change."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

Draw = Callable[[Request], Response | None]


def install(app: FastAPI, draw: Draw) -> None:
    """Have `draw` answer pages for every route that is a `Shown`; None leaves it at what programs get."""
    app.state.draw = draw


class Shown(APIRoute):
    """A route that answers htmx with a part of the page, drawn in the transaction of the change before it commits."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route as it is, and then what a page shows, unless the route has drawn something itself."""
        answer = super().get_route_handler()

        async def shown(request: Request) -> Response:
            plain = await answer(request)
            if "hx-request" not in request.headers or plain.headers.get("content-type", "").startswith("text/html"):
                return plain
            return await run_in_threadpool(request.app.state.draw, request) or plain

        return shown
