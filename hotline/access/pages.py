"""Sign-in and sign-out for people, the front page of each role, and who is reading the page."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from hotline.access import cookies, sessions
from hotline.access.coming import sign_in, sign_out
from hotline.access.ends import end_this
from hotline.access.errors import NotAllowed, WrongSignIn
from hotline.access.guards import COOKIE, SignedIn
from hotline.access.origin import from_elsewhere
from hotline.clock import now
from hotline.db import Db, transaction
from hotline.directory.models import Municipality, Person, Role
from hotline.settings import settings
from hotline.tenant import at_accounts
from hotline.web.one_thread import OneThread, needs
from hotline.web.templates import User, page

router = APIRouter(include_in_schema=False, route_class=OneThread)

HELD = ("/held", "menu.held")
SETTLEMENT = ("/settlement", "menu.settlement")
GUIDANCE = ("/guidance", "menu.guidance")
POOL_MENU = (
    ("/queue", "menu.queue"),
    HELD,
    ("/municipalities", "menu.municipalities"),
    ("/alerts", "menu.alerts"),
    SETTLEMENT,
    ("/integrations", "menu.integrations"),
    ("/integrations/mailboxes", "menu.mailboxes"),
    ("/classification", "menu.classification"),
    ("/simulations", "menu.simulations"),
    GUIDANCE,
    ("/privacy/rules", "menu.rules"),
)
ADMINISTRATORS_MENU = (("/integrations/webhooks", "menu.webhooks"), ("/privacy/lookups", "menu.lookups"))


def visitor(request: Request, person: SignedIn, db: Db) -> Person:
    """The signed-in person, told to the page as well: its header names them, its changes carry their CSRF word."""
    home = db.get(Municipality, person.municipality) if person.municipality else None
    request.state.user = User(person.id or 0, person.name, home.name if home else None, menu(person))
    request.state.csrf = sessions.csrf_token(cookies.read(request, COOKIE) or "")
    return person


Visitor = Annotated[Person, needs(visitor)]


def menu(person: Person) -> tuple[tuple[str, str], ...]:
    """The pages of this person's role as (address, key of its name), the front page first."""
    if person.role == Role.AGENT:
        return (("/desk", "menu.desk"),)
    if person.role in (Role.VIEWER, Role.TEAM_LEAD):
        figures = ((f"/municipalities/{person.municipality}/statistics", "menu.statistics"),)
        agents = (f"/municipalities/{person.municipality}/agents", "menu.agents")
        more = (agents, SETTLEMENT, HELD, GUIDANCE) if person.role == Role.TEAM_LEAD else (SETTLEMENT,)
        return (*figures, *more)
    return (*POOL_MENU, *ADMINISTRATORS_MENU) if person.role == Role.ADMINISTRATOR else POOL_MENU


@router.get("/")
def read_front_page(person: SignedIn) -> RedirectResponse:
    """To the page where this person's work is."""
    return RedirectResponse(menu(person)[0][0], 303)


@router.get("/sign-in")
def read_sign_in(request: Request, db: Db, next: str = "", ended: str = "") -> Response:
    """The form; `next` is the page that was asked for, and `ended` says that a sign-in ended while it was open.

    That may be so because somebody signed in in another window of this browser: the page then says who that is.
    """
    token = cookies.read(request, COOKIE) if ended else None
    other = sessions.person_of(db, token, now()) if token else None
    return _form(request, next=next, ended=bool(ended), other=other.name if other else None)


@router.post("/sign-in")
async def create_sign_in(
    request: Request,
    username: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Sign in and go to the page that was asked for. Other sites' forms may not sign anybody in."""
    if from_elsewhere(request):
        raise NotAllowed("sign in from our own page")
    try:
        token = await sign_in(request, username, password)
    except WrongSignIn:
        return _form(request, 401, failed=True, username=username, next=next)
    return await run_in_threadpool(come_in, request, token, next)


def come_in(request: Request, token: str, next: str) -> Response:
    """To the page that was asked for, with the token in a cookie that scripts and other sites do not reach.

    Whoever was signed in in this browser before is not any more.
    """
    if former := cookies.read(request, COOKIE):
        with transaction(at_accounts("sign-in")) as session:
            end_this(session, former, now())
    answer = RedirectResponse(_own_path(next), 303)
    cookies.give(request, answer, COOKIE, token, settings().session_hours * 3600)
    return answer


@router.post("/sign-out")
def delete_sign_in(request: Request, person: SignedIn, db: Db) -> Response:
    """End what this request was let in by, and show the form again."""
    return sign_out(request, db, Response(status_code=204, headers={"HX-Redirect": "/sign-in"}))


def _form(request: Request, status: int = 200, **shown: Any) -> Response:
    empty = {"failed": False, "ended": False, "other": None, "username": "", "next": ""}
    through = settings().oidc_issuer is not None
    return page(request, "access/sign_in.html", status, through=through, **(empty | shown))


def _own_path(asked: str) -> str:
    """The path, where it is one of ours: `//elsewhere` and `/\\elsewhere` would lead a browser away."""
    return asked if asked.startswith("/") and not asked.startswith(("//", "/\\")) else "/"
