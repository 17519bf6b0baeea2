"""The short way in for POST /inquiries: past the framework as long as all is well, through it once something is not."""

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline.intake.api import RAISED, take_in
from hotline.web.security import guard

PATH = "/api/v1/inquiries"


class Entrance:
    """ASGI middleware around all others; it answers an inquiry that was taken in as the endpoint does, byte for byte.

    A request that is not of the usual form is left to the application. So is whatever is raised: the endpoint raises
    it again, so that errors are answered and logged in one way.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        """`most` is how many bytes a body may have."""
        self.app, self.most = app, most
        headers = MutableHeaders(raw=[(b"content-type", b"application/json")])
        guard(headers)
        self._headers = headers.raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the inquiry in, or let the application answer."""
        if not self._is_usual(scope):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
        given_twice = len(headers) < len(scope["headers"])
        encoded = "transfer-encoding" in headers or "content-encoding" in headers
        if given_twice or encoded or not self._fits(headers.get("content-length", "")):
            await self.app(scope, receive, send)
            return
        body = _Body(receive)
        try:
            answer = await take_in(scope["app"].state.intake, headers, body.whole)
        except Exception as error:
            scope[RAISED] = error
            await self.app(scope, body.next, send)
            return
        told = [(b"location", answer.location.encode()), (b"content-length", b"%d" % len(answer.body))]
        await send({"type": "http.response.start", "status": 201, "headers": told + self._headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _is_usual(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and scope["path"] == PATH
            and not scope["query_string"]
            and not scope.get("root_path")
        )

    def _fits(self, length: str) -> bool:
        return length.isdecimal() and len(length) <= len(str(self.most)) and int(length) <= self.most


class _Body:
    """A request's body, whose end may be asked for again by who answers an error."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._end: Message | None = None

    async def whole(self) -> bytes:
        """All of it. Raises ClientDisconnect where the other side went away."""
        parts: list[bytes] = []
        while self._end is None:
            message = await self.next()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def next(self) -> Message:
        """The next message, the last one over and over."""
        if self._end is not None:
            return self._end
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self._end = message
        return message
