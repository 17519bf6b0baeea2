"""Keeps the hotline's people in step with a list; run again, the same list changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from hotline.directory.errors import BadListing
from hotline.directory.in_step import EndSignIns, bring_in_step, leave_when_done
from hotline.directory.listing import Listing
from hotline.directory.models import Person
from hotline.directory.usernames import bearer


@dataclass(frozen=True)
class Change:
    """What happens to one person, in words."""

    username: str
    what: str


def sync(session: Session, listing: Listing, now: datetime, end_sign_ins: EndSignIns) -> list[Change]:
    """Make everybody as the list says, by user name; those it does not name any more are deactivated.

    Only people who came from such a list are deactivated, and only of the list's own municipality: local accounts and
    other municipalities' people stay. Nothing is deleted, and who has inquiries in hand is not cut off from them.
    Raises BadListing for a municipality's list that reaches beyond it.
    """
    changes: list[Change] = []
    kept: set[int | None] = set()
    _within_its_municipality(session, listing)
    for wanted in sorted(listing.people, key=lambda one: one.username):
        changes += [Change(wanted.username, what) for what in bring_in_step(session, wanted, now)]
        person = bearer(session, wanted.username)
        assert person is not None
        kept.add(person.id)
        if not person.from_directory:
            person.from_directory = True
            session.add(person)
            changes.append(Change(wanted.username, "kept in step from now on"))
    for person in _missing(session, listing, kept):
        changes.append(Change(person.username, leave_when_done(session, person, now, end_sign_ins)))
    session.flush()
    return changes


def _within_its_municipality(session: Session, listing: Listing) -> None:
    """Raises BadListing where a municipality's own list names somebody who is another's, or everybody's."""
    if listing.municipality is None:
        return
    for one in listing.people:
        known = bearer(session, one.username)
        if known is not None and known.municipality != listing.municipality:
            raise BadListing(why="reach", username=known.username, home=listing.municipality)


def _missing(session: Session, listing: Listing, kept: set[int | None]) -> list[Person]:
    theirs: list[ColumnElement[bool]] = [col(Person.from_directory).is_(True), col(Person.active).is_(True)]
    if listing.municipality is not None:
        theirs.append(col(Person.municipality) == listing.municipality)
    people = session.exec(select(Person).where(*theirs).order_by(col(Person.username))).all()
    return [person for person in people if person.id not in kept]
