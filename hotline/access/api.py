"""POST /sessions and DELETE /sessions/current: signing in and out for programs."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, StringConstraints

from hotline.access import guards, sessions, throttle
from hotline.access.guards import SignedIn
from hotline.clock import now
from hotline.db import Db

router = APIRouter(tags=["sessions"])


class SignInRequest(BaseModel):
    """A user name and a password."""

    username: Annotated[str, StringConstraints(max_length=200)]
    password: Annotated[str, StringConstraints(max_length=200)]


class SignInAnswer(BaseModel):
    """The token to send as `Authorization: Bearer` from now on."""

    token: str


@router.post("/sessions", status_code=201)
def create_session(body: SignInRequest, request: Request, db: Db) -> SignInAnswer:
    """Sign in. The token lasts for a working day, and not beyond an hour in which nothing is asked with it."""
    with throttle.counted(body.username, throttle.address_of(request)):
        _, token = sessions.sign_in(db, body.username, body.password, now())
    return SignInAnswer(token=token)


@router.delete("/sessions/current", status_code=204)
def delete_session(request: Request, person: SignedIn, db: Db) -> Response:
    """Sign out: the token that this request carries is worth nothing afterwards."""
    sessions.sign_out(db, guards.bearer(request) or "")
    return Response(status_code=204)
