"""Local accounts: made, given another password, ended; and the sessions of a person, which can be ended."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from hotline.access.ends import end_of
from hotline.access.errors import (
    BadLanguage,
    BadUsername,
    TopicsOfNoAgent,
    UnknownPerson,
    UsernameTaken,
    WrongPlace,
    WrongSignIn,
)
from hotline.access.models import Credential, SignInSession
from hotline.access.password_rules import must_be_strong
from hotline.access.passwords import fits, hash_password
from hotline.access.sessions import begin, hold_still, lasts, token_hash
from hotline.db import let_go
from hotline.directory import usernames
from hotline.directory.errors import BadName, UnknownMunicipality, UnknownTopic
from hotline.directory.in_step import Wanted, bring_in_step
from hotline.directory.models import WHOLE_POOL, Municipality, Person, Role, Topic
from hotline.languages import CODE

USERNAME = re.compile(r"[\w.@+-]{2,100}")
LONGEST_NAME = 200


def person_called(session: Session, username: str) -> Person:
    """The person of this user name. Raises UnknownPerson."""
    person = usernames.bearer(session, username)
    if person is None:
        raise UnknownPerson
    return person


def may_be_added(session: Session, wanted: Wanted) -> None:
    """Raises the error of what is wrong, unless somebody new may be added so."""
    if usernames.hides_something(wanted.username) or not USERNAME.fullmatch(usernames.as_kept(wanted.username)):
        raise BadUsername(least=2, most=100)
    if not wanted.name.isprintable() or not 0 < len(wanted.name.strip()) <= LONGEST_NAME:
        raise BadName(longest=LONGEST_NAME)
    if usernames.bearer(session, wanted.username) is not None:
        raise UsernameTaken
    if (wanted.municipality is None) != (wanted.role in WHOLE_POOL):
        raise WrongPlace(why="pool" if wanted.municipality else "municipality", role=wanted.role)
    if wanted.municipality is not None and session.get(Municipality, wanted.municipality) is None:
        raise UnknownMunicipality(code=wanted.municipality)
    for language in wanted.languages:
        if not CODE.fullmatch(language):
            raise BadLanguage(language=language)
    if wanted.skills and wanted.role != Role.AGENT:
        raise TopicsOfNoAgent
    for topic in wanted.skills:
        if session.get(Topic, topic) is None:
            raise UnknownTopic(topic=topic)


def add(session: Session, wanted: Wanted, password: str, now: datetime) -> Person:
    """Somebody new, who signs in with this password. Raises what may_be_added does, and WeakPassword."""
    may_be_added(session, wanted)
    must_be_strong(password, wanted.username)
    bring_in_step(session, wanted, now)
    person = person_called(session, wanted.username)
    set_password(session, person, password, now)
    return person


def set_password(session: Session, person: Person, password: str, now: datetime) -> None:
    """Another password; whoever signed in with the one before is out. Raises WeakPassword."""
    must_be_strong(password, person.username)
    _set(session, person, hash_password(password))
    end_of(session, person.id, now)


def change_password(session: Session, person: Person, current: str, password: str, now: datetime) -> str:
    """Another password, chosen by the person, who must know the one until now; all their sign-ins end but a new one,
    whose token this is. No connection is held while passwords are counted.

    Raises WrongSignIn where they do not know it or sign in elsewhere, WeakPassword.
    """
    assert person.id is not None
    known = _must_know(session, current, person)
    must_be_strong(password, person.username)
    hashed = hash_password(password)
    hold_still(session, person.id)  # of two who know the one until now, one chooses
    if session.exec(select(Credential.password_hash).where(Credential.person_id == person.id)).first() != known:
        raise WrongSignIn(person.id)
    _set(session, person, hashed)
    token = begin(session, person.id, now)
    end_of(session, person.id, now, but=token_hash(token))
    return token


def _set(session: Session, person: Person, hashed: str) -> None:
    assert person.id is not None
    hold_still(session, person.id)
    credential = session.get(Credential, person.id) or Credential(person_id=person.id, password_hash="")
    credential.password_hash = hashed
    session.add(credential)
    session.flush()


def sessions_of(session: Session, person: Person, now: datetime) -> Sequence[SignInSession]:
    """The sign-ins of this person that last at `now`, the newest first."""
    theirs = select(SignInSession).where(SignInSession.person_id == person.id, *lasts(now))
    return session.exec(theirs.order_by(col(SignInSession.begun_at).desc())).all()


def end_other_sessions(session: Session, person: Person, current: str, but: bytes, now: datetime) -> None:
    """End every sign-in of this person, who shows their password, except that of the token with the hash `but`.

    Raises WrongSignIn where they do not know it. Who signs in elsewhere has none to show: what lets them in is asked
    for there, and what ends here is theirs to begin anew.
    """
    if session.get(Credential, person.id) is not None:
        _must_know(session, current, person)
    end_of(session, person.id, now, but=but)


def _must_know(session: Session, password: str, person: Person) -> str:
    """The hash that the password belongs to."""
    known = session.exec(select(Credential.password_hash).where(Credential.person_id == person.id)).first()
    let_go(session)
    if not fits(password, known) or known is None:
        raise WrongSignIn(person.id)
    return known
