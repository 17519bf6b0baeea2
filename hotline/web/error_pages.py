"""Turns an error into what a person sees: a page, or a notice where htmx asked for a part of one."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hotline.access.errors import NotSignedIn
from hotline.errors import HotlineError, InternalError
from hotline.privacy.cpr import redact
from hotline.web.language import catalogue, chosen, translator
from hotline.web.templates import page


def as_page(request: Request, error: HotlineError) -> Response | None:
    """The error in the visitor's language with its status; who is not signed in is asked to sign in first.

    None for programs, which are answered in their own way: everything under /api that htmx does not ask for, and
    whoever accepts no HTML.
    """
    of_htmx = "hx-request" in request.headers
    of_browser = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
    if not (of_htmx or of_browser):
        return None
    language = chosen(request)
    fault = error.members.get("id") if isinstance(error, InternalError) else None
    if of_htmx:
        notice = page(
            request, "shared/_notice.html", error.status, title=redact(_line(error, language))[0], fault=fault
        )
        notice.headers.update({"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"})
        return notice
    if isinstance(error, NotSignedIn):
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    title = translator(language)(f"problem.{error.slug()}")
    said = redact(error.said(language))[0]
    shown = {"number": error.status, "title": title, "said": said, "slug": error.slug(), "fault": fault}
    return page(request, "shared/error.html", error.status, **shown)


def _line(error: HotlineError, language: str) -> str:
    """What a person reads of it: where a field is at fault what to do there, if the catalogue has words for that."""
    fields = (one["pointer"].rpartition("/")[2] for one in error.members.get("errors", ()))
    known = (f"error.field.{name}" for name in fields)
    return next((translator(language)(key) for key in known if key in catalogue(language)), error.line(language))
