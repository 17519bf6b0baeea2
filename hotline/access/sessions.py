"""Signing in and out: a random token for the person, its hash for us."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from hotline.access.models import Credential, SignInSession
from hotline.access.passwords import fits
from hotline.db import become
from hotline.directory.models import Person
from hotline.errors import WrongSignIn
from hotline.settings import settings
from hotline.tenant import DOOR

PREFIX = "hs_"


def sign_in(session: Session, username: str, password: str, now: datetime) -> tuple[Person, str]:
    """The person and a new token, good for HOTLINE_SESSION_HOURS from `now`. Raises WrongSignIn, whatever was wrong."""
    local = select(Person, Credential).join(Credential, col(Credential.person_id) == col(Person.id))
    found = session.exec(local.where(col(Person.username) == username, col(Person.active))).first()
    if not fits(password, found[1].password_hash if found else None) or found is None:
        raise WrongSignIn
    person, credential = found
    return person, begin(session, credential.person_id, now)


def begin(session: Session, person_id: int, now: datetime) -> str:
    """A new token for somebody who has shown who they are, good for HOTLINE_SESSION_HOURS from `now`."""
    token = PREFIX + secrets.token_urlsafe(32)
    ends = now + timedelta(hours=settings().session_hours)
    session.add(SignInSession(token_hash=token_hash(token), person_id=person_id, begun_at=now, ends_at=ends))
    return token


def person_of(session: Session, token: str, now: datetime) -> Person | None:
    """Who signed in with this token, where its session still lasts and the person may still come in."""
    lasting = (
        select(Person)
        .join(SignInSession, col(SignInSession.person_id) == col(Person.id))
        .where(SignInSession.token_hash == token_hash(token), col(SignInSession.ends_at) > now, col(Person.active))
    )
    return session.exec(lasting).first()


def lasting(session: Session, token_hashes: Iterable[bytes], now: datetime) -> set[bytes]:
    """Those of these sign-ins that still last at `now`, of people who may still come in."""
    theirs = (
        select(SignInSession.token_hash)
        .join(Person, col(Person.id) == col(SignInSession.person_id))
        .where(col(SignInSession.token_hash).in_(token_hashes), col(SignInSession.ends_at) > now, col(Person.active))
    )
    return set(session.exec(theirs))


def sign_out(session: Session, token: str) -> None:
    """End the session of this token; an unknown one changes nothing."""
    become(session, DOOR)
    session.exec(delete(SignInSession).where(col(SignInSession.token_hash) == token_hash(token)))


def token_hash(token: str) -> bytes:
    """What is kept of a token or key: its SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token(token: str) -> str:
    """The word that a page sends back with every change, bound to the session: only our own pages can know it."""
    return hashlib.sha256(b"csrf\0" + token.encode()).hexdigest()
