"""User names: one however it is typed, and none that looks like another by what nobody sees."""

import unicodedata

from sqlmodel import Session, col, select

from hotline.directory.models import Person
from hotline.text import UNSEEN, folded


def as_kept(username: str) -> str:
    """The user name with small letters, each written in one way, without what nobody sees."""
    return unicodedata.normalize("NFC", folded(username).strip().casefold())


def hides_something(username: str) -> bool:
    """Whether there is something in it that nobody sees; nobody new may be called so."""
    return UNSEEN.search(username) is not None


def bearer(session: Session, username: str) -> Person | None:
    """Whoever bears this user name, however it is typed.

    Of two whose names differed by letters' size alone before that was the same, one is found by the very letters.
    """
    either = col(Person.username).in_((username, as_kept(username)))
    return session.exec(select(Person).where(either).order_by(col(Person.username) != username)).first()
