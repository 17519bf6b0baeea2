"""The page that changes the reader's language."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse

from hotline.errors import NotFound
from hotline.settings import settings
from hotline.web.language import COOKIE, LANGUAGES

router = APIRouter(include_in_schema=False)


@router.get("/language/{code}")
def choose_language(request: Request, code: str) -> RedirectResponse:
    """Remember the language for a year and return to the page the reader came from; NotFound for another code."""
    if code not in LANGUAGES:
        raise NotFound
    came_from = urlsplit(request.headers.get("referer", "/"))
    back = f"{came_from.path or '/'}{'?' + came_from.query if came_from.query else ''}"
    answer = RedirectResponse("/" + back.lstrip("/\\"), 303)
    answer.set_cookie(COOKIE, code, max_age=31_536_000, httponly=True, samesite="lax", secure=settings().secure_cookies)
    return answer
