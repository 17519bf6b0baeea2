"""The headers that guard every page: nothing from outside, nothing inline, framed by nobody."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline.settings import settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def guard(headers: MutableHeaders) -> None:
    """Add to a response's headers what guards it. It keeps a policy of its own; what says no time is kept by nobody.

    Where cookies go over HTTPS alone, browsers are told never to come without it.
    """
    kind = headers.get("content-type", "")
    headers.setdefault("Cache-Control", "no-store")
    if settings().secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if kind.startswith(("text/html", "text/javascript")):  # a worker goes by the policy of its own file
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
    headers.setdefault("X-Content-Type-Options", "nosniff")


class SecurityHeaders:
    """ASGI middleware that guards every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the first message of every HTTP response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                guard(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, guarded)
