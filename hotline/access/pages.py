"""Sign-in and sign-out for people, the front page of each role, and who is reading the page."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from hotline.access import cookies, sessions, throttle
from hotline.access.guards import COOKIE, SignedIn
from hotline.clock import now
from hotline.db import Db
from hotline.directory.models import Municipality, Person, Role
from hotline.errors import NotAllowed, WrongSignIn
from hotline.settings import settings
from hotline.web.templates import User, page

router = APIRouter(include_in_schema=False)

POOL_MENU = (("/queue", "menu.queue"), ("/municipalities", "menu.municipalities"), ("/privacy/rules", "menu.rules"))


def reader(request: Request, person: SignedIn, db: Db) -> Person:
    """The signed-in person, told to the page as well: its header names them, its changes carry their CSRF word."""
    home = db.get(Municipality, person.municipality) if person.municipality else None
    request.state.user = User(person.name, home.name if home else None, menu(person))
    request.state.csrf = sessions.csrf_token(cookies.read(request, COOKIE) or "")
    return person


Reader = Annotated[Person, Depends(reader, scope="function")]


def menu(person: Person) -> tuple[tuple[str, str], ...]:
    """The pages of this person's role as (address, key of its name), the front page first."""
    if person.role == Role.AGENT:
        return (("/desk", "menu.desk"),)
    if person.role in (Role.VIEWER, Role.TEAM_LEAD):
        return ((f"/municipalities/{person.municipality}/statistics", "menu.statistics"),)
    return (*POOL_MENU, ("/privacy/lookups", "menu.lookups")) if person.role == Role.ADMINISTRATOR else POOL_MENU


@router.get("/")
def read_front_page(person: SignedIn) -> RedirectResponse:
    """To the page where this person's work is."""
    return RedirectResponse(menu(person)[0][0], 303)


@router.get("/sign-in")
def read_sign_in(request: Request, next: str = "", ended: str = "") -> Response:
    """The form; `next` is the page that was asked for, and `ended` says that a sign-in ended while it was open."""
    return _form(request, next=next, ended=bool(ended))


@router.post("/sign-in")
def create_sign_in(
    request: Request,
    db: Db,
    username: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Sign in and go to the page that was asked for. Other sites' forms may not sign anybody in."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("sign in from our own page")
    try:
        with throttle.counted(username, throttle.address_of(request)):
            _, token = sessions.sign_in(db, username.strip(), password, now())
    except WrongSignIn:
        return _form(request, 401, failed=True, username=username, next=next)
    return come_in(token, next)


def come_in(token: str, next: str) -> Response:
    """To the page that was asked for, with the token in a cookie that scripts and other sites do not reach."""
    answer = RedirectResponse(_own_path(next), 303)
    cookies.give(answer, COOKIE, token, settings().session_hours * 3600)
    return answer


@router.post("/sign-out")
def delete_sign_in(request: Request, person: SignedIn, db: Db) -> Response:
    """End the session of this browser and show the form again."""
    sessions.sign_out(db, cookies.read(request, COOKIE) or "")
    answer = Response(status_code=204, headers={"HX-Redirect": "/sign-in"})
    cookies.take_back(answer, COOKIE)
    return answer


def _form(request: Request, status: int = 200, **shown: Any) -> Response:
    empty = {"failed": False, "ended": False, "username": "", "next": ""}
    through = settings().oidc_issuer is not None
    return page(request, "access/sign_in.html", status, through=through, **(empty | shown))


def _own_path(asked: str) -> str:
    """The path, where it is one of ours: `//elsewhere` and `/\\elsewhere` would lead a browser away."""
    return asked if asked.startswith("/") and not asked.startswith(("//", "/\\")) else "/"
