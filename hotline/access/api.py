"""POST /sessions and DELETE /sessions/current: signing in and out for programs."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, StringConstraints

from hotline.access.coming import sign_in, sign_out
from hotline.access.guards import SignedIn
from hotline.db import Db
from hotline.web.one_thread import OneThread

router = APIRouter(tags=["sessions"], route_class=OneThread)


class SignInRequest(BaseModel):
    """A user name and a password."""

    username: Annotated[str, StringConstraints(max_length=200)]
    password: Annotated[str, StringConstraints(max_length=200)]


class SignInAnswer(BaseModel):
    """The token to send as `Authorization: Bearer` from now on."""

    token: str


@router.post("/sessions", status_code=201)
async def create_session(body: SignInRequest, request: Request) -> SignInAnswer:
    """Sign in. The token lasts for a working day, and not beyond an hour in which nothing is asked with it."""
    return SignInAnswer(token=await sign_in(request, body.username, body.password))


@router.delete("/sessions/current", status_code=204)
def delete_session(request: Request, person: SignedIn, db: Db) -> Response:
    """Sign out: the token or the cookie that this request was let in by is worth nothing afterwards."""
    return sign_out(request, db, Response(status_code=204))
