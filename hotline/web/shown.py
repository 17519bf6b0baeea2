"""One route for programs and for our own pages: a program gets its JSON, a page what it shows after the change."""

from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from hotline.web.one_thread import Answer, OneThread

Draw = Callable[[Request], Response | None]


def install(app: FastAPI, *draws: Draw) -> None:
    """Have the first of `draws` that has something to show answer pages, for every route that is a `Shown`."""
    app.state.draw = lambda request: next(filter(None, (draw(request) for draw in draws)), None)


class Shown(OneThread):
    """A route that answers htmx with a part of the page, drawn in the transaction of the change before it commits."""

    def answer(self, answer: Answer, request: Request) -> Response:
        """As it is, and then what a page shows, unless the route has drawn something itself."""
        plain = super().answer(answer, request)
        if "hx-request" not in request.headers or plain.headers.get("content-type", "").startswith("text/html"):
            return plain
        return request.app.state.draw(request) or plain
