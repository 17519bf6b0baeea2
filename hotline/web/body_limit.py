"""No request is kept beyond what the hotline takes in, nor unpacked, whichever page or call it was meant for."""

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# So much of a body that nobody wants is read and thrown away before the answer: a connection that is closed while the
# other side still writes would tell it of a broken pipe and not of what was wrong.
THROWN_AWAY = 16_000_000
DIGITS = 18  # of a length, which are beyond every limit; Python reads no number of thousands


class BodyLimit:
    """ASGI middleware; who reads a body of more than `most` bytes gets an HTTPException (413) as soon as that is known.

    Whoever reads one that is compressed or otherwise encoded gets one, too (415).

    It is that kind of error because the framework turns every other one, raised while it reads a body, into 400. The
    framework's own limit answers in plain text whoever did not read the body, and hangs up on those who still send it.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application read and answer under the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(Headers(scope=scope), receive, self.most)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                await body.throw_away_the_rest()
            await send(message)

        await self.app(scope, body.read, answer)


class _Body:
    """What has been received of one request's body; a length that is announced only ends it sooner."""

    def __init__(self, headers: Headers, receive: Receive, most: int) -> None:
        length = headers.get("content-length", "")
        self.announced = int(length.lstrip("0")[:DIGITS] or "0") if length.isdecimal() else 0
        self.open = self.announced > 0 or "transfer-encoding" in headers
        self.received, self.receive, self.most = 0, receive, most
        encodings = ",".join(headers.getlist("content-encoding")).lower().split(",")
        self.encoded = self.open and not {one.strip() for one in encodings} <= {"", "identity"}

    async def read(self) -> Message:
        """The next message of the body for the application. Raises HTTPException (413) beyond the limit, or 415."""
        if self.encoded:
            raise HTTPException(415, "a body is read as it is: send it without Content-Encoding")
        if self.announced > self.most:
            raise self._too_much()
        message = await self._next()
        if self.received > self.most:
            raise self._too_much()
        return message

    async def throw_away_the_rest(self) -> None:
        """Read on to the end, or to the bound, before the answer goes out."""
        if self.announced > THROWN_AWAY:
            return
        while self.open and self.received < THROWN_AWAY:
            await self._next()

    def _too_much(self) -> HTTPException:
        return HTTPException(413, f"a request may have {self.most} bytes at most")

    async def _next(self) -> Message:
        message = await self.receive()
        self.received += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self.open = False
        return message
