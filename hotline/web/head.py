"""HEAD is answered wherever GET is, as HTTP has it: probes and proxies ask so before they ask for more."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = "/api/v1/me/events"  # it has no end, and an agent is there while it is open


class Head:
    """ASGI middleware; the application is asked for the page, and what it says is sent without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, a HEAD as a GET."""
        if scope["type"] != "http" or scope["path"] == STREAM:
            await self.app(scope, receive, send)
            return
        if scope["method"] != "HEAD":
            await self.app(scope, receive, _also_allowed(send))
            return

        async def without_body(message: Message) -> None:
            await send(dict(message, body=b"") if message["type"] == "http.response.body" else message)

        await self.app(dict(scope, method="GET"), receive, without_body)


def _also_allowed(send: Send) -> Send:
    """Where an answer names the methods that may be used, HEAD is one of them beside GET."""

    async def named(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:
            headers = MutableHeaders(raw=message["headers"])
            methods = [one.strip() for one in headers.get("allow", "").split(",")]
            if "GET" in methods and "HEAD" not in methods:
                headers["allow"] = ", ".join([*methods, "HEAD"])
        await send(message)

    return named
