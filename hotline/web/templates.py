"""Renders a page or a partial in the visitor's language."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hotline.clock import now, seconds_between
from hotline.resources import TEMPLATES
from hotline.settings import settings
from hotline.web.assets import asset
from hotline.web.by_whom import by_whom
from hotline.web.formats import Formats, as_moment
from hotline.web.language import LANGUAGES, chosen, translator
from hotline.web.links import mailto, phone, tel


def page(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The template `name` as an answer; `context` is what the template says it needs.

    Every template also has `t`, `fmt`, `language`, `languages`, `asset`, `seconds_since`, `seconds_until`, `when`,
    `by_whom`, `tel`, `phone`, `mailto`, `demo`, `path`, and `user` (a User) and `csrf` as the sign-in left them on
    `request.state`, None where nobody is signed in.
    """
    return HTMLResponse(environment().get_template(name).render(shared(request) | context), status)


@dataclass(frozen=True)
class User:
    """Who reads the page; `menu` holds (address, key of its name)."""

    id: int
    name: str
    municipality_name: str | None
    menu: tuple[tuple[str, str], ...]


def shared(request: Request) -> dict[str, Any]:
    """What every template may use."""
    language = chosen(request)
    t, moment = translator(language), now()
    return {
        "t": t,
        "by_whom": lambda noted: by_whom(noted, t),
        "fmt": Formats(language),
        "language": language,
        "languages": LANGUAGES,
        "asset": asset,
        "demo": settings().demo,
        "path": request.url.path,
        "csrf": getattr(request.state, "csrf", None),
        "user": getattr(request.state, "user", None),
        "tel": tel,
        "phone": phone,
        "mailto": mailto,
        "when": lambda then: Formats(language).when(then, moment),
        "seconds_since": lambda then: seconds_between(as_moment(then), moment),
        "seconds_until": lambda then: seconds_between(moment, as_moment(then)),
    }


@lru_cache
def environment() -> Environment:
    """Jinja2 over templates/: a name that is not given is an error, and everything is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
