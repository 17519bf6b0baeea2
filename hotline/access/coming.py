"""Coming in by password, and going out: for programs and browsers alike."""

from fastapi import Request
from fastapi.concurrency import contextmanager_in_threadpool
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hotline.access import cookies, passwords, sessions, throttle
from hotline.access.ends import end_this
from hotline.access.errors import WrongSignIn
from hotline.access.guards import COOKIE, bearer, sign_in_of
from hotline.clock import now
from hotline.db import transaction
from hotline.tenant import DOOR


async def sign_in(request: Request, username: str, password: str) -> str:
    """A new token for whoever this is. Raises WrongSignIn, whatever was wrong, or TooManyAttempts.

    Async, for a password is counted for long and many come at eight: whoever waits for that holds neither a connection
    nor a thread of requests.
    """
    async with contextmanager_in_threadpool(throttle.counted(username, throttle.address_of(request))):
        known = await run_in_threadpool(_known, username)
        if not await passwords.fits_in_turn(password, known.password_hash if known else None) or known is None:
            raise WrongSignIn(known.person_id if known else None)
        return await run_in_threadpool(_begin, known)


def _known(username: str) -> sessions.LocalAccount | None:
    with transaction(DOOR) as session:
        return sessions.local_account(session, username)


def _begin(known: sessions.LocalAccount) -> str:
    with transaction(DOOR) as session:
        return sessions.sign_in(session, known, now())


def sign_out(request: Request, session: Session, answer: Response) -> Response:
    """End what this request was let in by; the answer, from which a browser learns to forget it."""
    end_this(session, sign_in_of(request), now())
    if bearer(request) is None:
        cookies.take_back(request, answer, COOKIE)
    return answer
