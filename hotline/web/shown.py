"""One route for programs and for our own pages: a program gets its JSON, a page what it shows after the change."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

Draw = Callable[[Request], Response | None]


def install(app: FastAPI, *draws: Draw) -> None:
    """Have the first of `draws` that has something to show answer pages, for every route that is a `Shown`."""
    app.state.draw = lambda request: next(filter(None, (draw(request) for draw in draws)), None)


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
