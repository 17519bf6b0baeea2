"""The page that changes the visitor's language."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse

from hotline.errors import NotFound
from hotline.web.https import is_secure
from hotline.web.language import COOKIE, LANGUAGES

router = APIRouter(include_in_schema=False)


@router.get("/language/{code}")
def choose_language(request: Request, code: str) -> RedirectResponse:
    """Remember the language for a year and return to the page the visitor came from; NotFound for another code."""
    if code not in LANGUAGES:
        raise NotFound
    answer = RedirectResponse("/" + _came_from(request).lstrip("/\\"), 303)
    answer.set_cookie(COOKIE, code, max_age=31_536_000, httponly=True, samesite="lax", secure=is_secure(request))
    return answer


def _came_from(request: Request) -> str:
    """The path and query of the page before, wherever that was; the front page where it cannot be read."""
    try:
        page = urlsplit(request.headers.get("referer", "/"))
    except ValueError:  # the brackets of an IPv6 address are broken, for one
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path
