"""A request's guards, its call and its commit in one thread, one after the other.

FastAPI hands whatever is no coroutine to a thread of its own: six hand-overs for one request of an agent, which cost
as much as what is done between them.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hotline.db import transaction
from hotline.tenant import DOOR

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


def needs(guard: Callable[..., Any]) -> Any:
    """The dependency of a guard that asks the database, for routes that are a `OneThread`."""
    return Depends(_at_once(guard), scope="function")


class OneThread(APIRoute):
    """A route that works in one thread and one transaction (see `Db`), which sees nothing until a guard has let it in.

    It has committed before the answer is sent; after any error it has changed nothing. An endpoint that is a coroutine
    stays on the event loop, and has no `Db`.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        self.waits = iscoroutinefunction(endpoint)
        super().__init__(path, endpoint if self.waits else _at_once(endpoint), **more)

    def get_route_handler(self) -> Answer:
        """The framework's handler, given to a thread once the whole body is there."""
        answer = super().get_route_handler()
        if self.waits:
            return answer

        async def in_one_thread(request: Request) -> Response:
            await request.body()
            return await run_in_threadpool(self._work, answer, request)

        return in_one_thread

    def answer(self, answer: Answer, request: Request) -> Response:
        """What is sent, made within the transaction."""
        return _finish(answer(request))

    def _work(self, answer: Answer, request: Request) -> Response:
        with transaction(DOOR) as request.state.db:
            return self.answer(answer, request)


def _at_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same as a coroutine, which the framework awaits where it is instead of in another thread."""

    @wraps(function)
    async def at_once(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    return at_once


def _finish(coroutine: Coroutine[Any, Any, Response]) -> Response:
    """What a coroutine that has nothing to wait for comes to. Raises RuntimeError where it waits all the same."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        answer: Response = done.value
        return answer
    coroutine.close()
    raise RuntimeError("a route that works in one thread has nothing to await")
