"""The cookies that let somebody in: out of reach of scripts and other sites, over HTTPS also of every other host."""

from starlette.requests import Request
from starlette.responses import Response

from hotline.web.https import is_secure

# A browser takes a cookie of this beginning only over HTTPS, from the very host it came to, for all its paths.
THIS_HOST = "__Host-"


def name_of(request: Request, plain: str) -> str:
    """What the cookie is called here; without HTTPS, as in the demo, browsers would not take the prefix."""
    return f"{THIS_HOST}{plain}" if is_secure(request) else plain


def give(request: Request, answer: Response, plain: str, value: str, seconds: int) -> None:
    """Let the browser that asks keep `value` for so many seconds."""
    answer.set_cookie(
        name_of(request, plain),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",  # not strict: people come back from their organisation's sign-in and from links in mails
        secure=is_secure(request),
    )


def read(request: Request, plain: str) -> str | None:
    """What the browser has kept."""
    return request.cookies.get(name_of(request, plain))


def take_back(request: Request, answer: Response, plain: str) -> None:
    """Let the browser forget it."""
    give(request, answer, plain, "", 0)
