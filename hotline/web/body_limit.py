"""No request is read beyond what the hotline takes in, whichever page or call it was meant for."""

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware; who reads a body of more than `most` bytes gets an HTTPException (413) as soon as that is known.

    It is that kind of error because the framework turns every other one, raised while it reads a body, into 400.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is received; a length that is announced only ends it sooner."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        announced, received = int(length) if length.isdecimal() else 0, 0

        async def counted() -> Message:
            nonlocal received
            if announced > self.most:
                raise HTTPException(413)
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
