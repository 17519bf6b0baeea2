"""One's own account: another password, and the sign-ins that last."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from hotline.access import accounts, cookies, sessions, throttle
from hotline.access.errors import WeakPassword, WrongSignIn
from hotline.access.guards import COOKIE
from hotline.access.models import Credential
from hotline.access.pages import Visitor
from hotline.access.password_rules import SHORTEST
from hotline.clock import now
from hotline.db import Db, enter_accounts
from hotline.directory.models import Person
from hotline.errors import NotFound
from hotline.settings import settings
from hotline.web.language import chosen, translator
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

Password = Annotated[str, Form(max_length=200)]


@router.get("/account")
def read_account(request: Request, person: Visitor, db: Db, changed: bool = False) -> HTMLResponse:
    """Who I am here, and where I am signed in; `changed` says that the password has just become another."""
    enter_accounts(db)
    return page(request, "access/account.html", **_account(request, db, person), changed=changed)


@router.post("/account/password")
def update_password(
    request: Request, person: Visitor, db: Db, current: Password = "", password: Password = ""
) -> Response:
    """Another password for who knows the one until now; every other sign-in ends, and this one gets a new token."""
    enter_accounts(db)
    try:
        with throttle.counted(person.username, throttle.address_of(request)):
            token = accounts.change_password(db, person, current, password, now())
    except WrongSignIn:
        return _form(request, db, person, translator(chosen(request))("account.wrong"))
    except WeakPassword as weak:
        return _form(request, db, person, weak.said(chosen(request)))
    answer = Response(status_code=204, headers={"HX-Redirect": "/account?changed=true"})
    cookies.give(request, answer, COOKIE, token, settings().session_hours * 3600)
    return answer


@router.post("/account/sign-ins/end")
def delete_other_sign_ins(request: Request, person: Visitor, db: Db, current: Password = "") -> HTMLResponse:
    """End every sign-in of mine but the one of this browser, for who knows the password, where it is ours."""
    enter_accounts(db)
    try:
        with throttle.counted(person.username, throttle.address_of(request)):
            accounts.end_other_sessions(db, person, current, _this(request), now())
    except WrongSignIn:
        answer = page(request, "access/_sign_ins.html", 422, **_account(request, db, person), wrong_to_end=True)
        return _in_place(answer, "#sign-ins", "innerHTML")
    return page(request, "access/_sign_ins.html", **_account(request, db, person))


def _form(request: Request, db: Session, person: Person, wrong: str) -> HTMLResponse:
    answer = page(request, "access/_password.html", 422, **_account(request, db, person), wrong=wrong)
    return _in_place(answer, "#password-form", "outerHTML")


def _in_place(answer: HTMLResponse, element: str, swap: str) -> HTMLResponse:
    """What was wrong stands where it was typed, not among the notices."""
    answer.headers["HX-Retarget"] = element
    answer.headers["HX-Reswap"] = swap
    return answer


def _account(request: Request, db: Session, person: Person) -> dict[str, Any]:
    if person.id is None:
        raise NotFound
    return {
        "person": person,
        "local": db.get(Credential, person.id) is not None,
        "sign_ins": accounts.sessions_of(db, person, now()),
        "this": _this(request),
        "shortest": SHORTEST,
    }


def _this(request: Request) -> bytes:
    return sessions.token_hash(cookies.read(request, COOKIE) or "")
