"""Signing in and out: a random token for the person, its hash for us."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlmodel import Session, col, delete, func, or_, select

from hotline.access.errors import WrongSignIn
from hotline.access.models import Credential, SignInSession
from hotline.directory import usernames
from hotline.directory.models import Person
from hotline.locks import PASSWORD
from hotline.logs import log
from hotline.settings import settings

PREFIX = "hs_"
SEEN_AT_MOST_EVERY = timedelta(minutes=1)

# Whoever finds a row locked leaves it: somebody else writes the same moment.
SEEN = text("""
    UPDATE sign_in_session SET seen_at = :now WHERE token_hash IN (
        SELECT token_hash FROM sign_in_session WHERE token_hash = ANY (:hashes) AND seen_at <= :before
        FOR UPDATE SKIP LOCKED)
""").bindparams(bindparam("hashes", type_=ARRAY(BYTEA)))


@dataclass(frozen=True)
class LocalAccount:
    """Somebody who signs in with a password, and the hash that it was kept by when they were looked up."""

    person_id: int
    password_hash: str


def local_account(session: Session, username: str) -> LocalAccount | None:
    """The account of this user name, of somebody who may come in."""
    person = usernames.bearer(session, username)
    credential = session.get(Credential, person.id) if person and person.active else None
    return LocalAccount(credential.person_id, credential.password_hash) if credential else None


def sign_in(session: Session, known: LocalAccount, now: datetime) -> str:
    """A new token, as `begin` gives it, for somebody whose password was right. Raises WrongSignIn where it is another
    one by now: checking it takes long enough to change it meanwhile."""
    hold_still(session, known.person_id, shared=True)
    present = session.exec(select(Credential.password_hash).where(Credential.person_id == known.person_id)).first()
    if present != known.password_hash:
        raise WrongSignIn(known.person_id)
    return begin(session, known.person_id, now)


def hold_still(session: Session, person_id: int, *, shared: bool = False) -> None:
    """Until this transaction ends the person's password does not change, and (unless `shared`) lets nobody in."""
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    session.connection().execute(select(lock(PASSWORD, person_id)))


def begin(session: Session, person_id: int, now: datetime) -> str:
    """A new token for somebody who has shown who they are; what is left of their ended sign-ins goes.

    It is good for HOTLINE_SESSION_HOURS from `now`, and no longer than HOTLINE_SESSION_IDLE_MINUTES without being used.
    """
    ended = or_(col(SignInSession.ends_at) <= now, col(SignInSession.seen_at) <= idle_since(now))
    session.exec(delete(SignInSession).where(col(SignInSession.person_id) == person_id, ended))
    token = PREFIX + secrets.token_urlsafe(32)
    ends = now + timedelta(hours=settings().session_hours)
    row = SignInSession(token_hash=token_hash(token), person_id=person_id, begun_at=now, ends_at=ends, seen_at=now)
    session.add(row)
    log(__name__).info("signed in", person=person_id)
    return token


def person_of(session: Session, token: str, now: datetime) -> Person | None:
    """Who signed in with this token, where its session still lasts and the person may still come in; that is a use."""
    hashed = token_hash(token)
    found = session.exec(_COMES_IN, params={"hashed": hashed, "now": now, "idle": idle_since(now)}).first()
    if found is None:
        return None
    person, seen_at = found
    _seen(session, {hashed: seen_at}, now)
    return person


def still_used(session: Session, token_hashes: Iterable[bytes], now: datetime) -> set[bytes]:
    """Those of these sign-ins that still last at `now`, of people who may still come in; each is being used."""
    theirs = (
        select(SignInSession.token_hash, SignInSession.seen_at)
        .join(Person, col(Person.id) == col(SignInSession.person_id))
        .where(col(SignInSession.token_hash).in_(token_hashes), *lasts(now), col(Person.active))
    )
    found = dict(session.exec(theirs).all())
    _seen(session, found, now)
    return set(found)


def still_in(session: Session, people: Sequence[int], now: datetime) -> list[int]:
    """Those of these people (ids) who have a sign-in that lasts at `now`."""
    theirs = select(SignInSession.person_id).where(col(SignInSession.person_id).in_(people), *lasts(now))
    return list(session.exec(theirs.distinct()).all())


def lasts(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a sign-in that has ended at `now` neither by its age nor by not being used."""
    return _lasts(now, idle_since(now))


def idle_since(now: datetime) -> datetime:
    """A sign-in that was used last at this moment or before has ended at `now`."""
    return now - timedelta(minutes=settings().session_idle_minutes)


def token_hash(token: str) -> bytes:
    """What is kept of a token or key: its SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token(token: str) -> str:
    """The word that a page sends back with every change, bound to the session: only our own pages can know it."""
    return hashlib.sha256(b"csrf\0" + token.encode()).hexdigest()


def _seen(session: Session, seen_at: dict[bytes, datetime], now: datetime) -> None:
    """Write down that these sign-ins are in use, each at most once a minute."""
    before = now - SEEN_AT_MOST_EVERY
    if due := [hashed for hashed, at in seen_at.items() if at <= before]:
        session.connection().execute(SEEN, {"now": now, "before": before, "hashes": due})


def _lasts(now: Any, idle: Any) -> tuple[ColumnElement[bool], ...]:
    return col(SignInSession.ends_at) > now, col(SignInSession.seen_at) > idle


# Asked with every request: to put it together takes longer than to carry it out.
_COMES_IN = (
    select(Person, SignInSession.seen_at)
    .join(SignInSession, col(SignInSession.person_id) == col(Person.id))
    .where(
        col(SignInSession.token_hash) == bindparam("hashed"),
        *_lasts(bindparam("now"), bindparam("idle")),
        col(Person.active),
    )
)
