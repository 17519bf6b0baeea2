"""Collaborations: made, given other rules, joined and left; nothing that was done under one is ever deleted.

Whatever changes leaves a line that says who changed it.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from hotline.db import acting
from hotline.directory import wall_hours
from hotline.directory.errors import (
    BadName,
    CollaborationExists,
    LeavesBeforeItJoins,
    MemberAlready,
    NoMember,
    UnknownCollaboration,
    UnknownMunicipality,
)
from hotline.directory.hours import Opening
from hotline.directory.models import Collaboration, Membership, Municipality, OpeningHours, RuleChange
from hotline.directory.rules import must_fit
from hotline.inquiries.states import OPEN, sql

LONGEST_NAME = 100
NOT_ENDED = text(f"SELECT count(*) FROM inquiry WHERE municipality = :code AND state IN {sql(OPEN)}")


def named(session: Session, name: str, *, to_change: bool = False) -> Collaboration:
    """The collaboration of this name; of two who change it at once, one waits. Raises UnknownCollaboration."""
    wanted = select(Collaboration).where(Collaboration.name == name)
    found = session.exec(wanted.with_for_update() if to_change else wanted).first()
    if found is None:
        raise UnknownCollaboration(name=name)
    return found


def create(
    session: Session, name: str, rules: Mapping[str, object], hours: Sequence[Opening] | None = None
) -> Collaboration:
    """A new one without members. `rules` are columns by name; what is left out is as at first.

    Raises BadName, BadRule, CollaborationExists.
    """
    made = Collaboration(name=_named(name))
    must_fit(rules)
    for rule, value in rules.items():
        setattr(made, rule, value)
    _add(session, made)
    if hours is not None:
        _open(session, made, hours)
    for rule, value in {"name": made.name, **rules}.items():
        write_down(session, made, rule, None, said(value))
    if hours is not None:
        write_down(session, made, "hours", None, _in_words(hours))
    return made


def change(
    session: Session, name: str, rules: Mapping[str, object], hours: Sequence[Opening] | None = None
) -> list[str]:
    """Give it these rules and, where not None, these hours alone; what changed, in words.

    A `name` among the rules is its new one. Raises UnknownCollaboration, BadName, BadRule, CollaborationExists.
    """
    held = named(session, name, to_change=True)
    must_fit(rules)
    changes = []
    for rule, value in rules.items():
        before, after = getattr(held, rule), _named(str(value)) if rule == "name" else value
        if before != after:
            setattr(held, rule, after)
            changes.append((rule, said(before), said(after)))
    _add(session, held)
    if hours is not None and (before := hours_of(session, held)) != list(hours):
        _open(session, held, hours)
        changes.append(("hours", _in_words(before), _in_words(hours)))
    for change in changes:
        write_down(session, held, *change)
    return [f"{rule}: {before} → {after}" for rule, before, after in changes]


def join(session: Session, name: str, codes: Sequence[str], day: date) -> list[str]:
    """These municipalities are members from this Danish day on; a line for each.

    Raises UnknownCollaboration, UnknownMunicipality, MemberAlready, and then none is.
    """
    held, lines = named(session, name, to_change=True), []
    for code in codes:
        place = _municipality(session, code)
        periods = _periods(session, held, code)
        if meets := [one for one in periods if one.left is None or one.left > max(day, one.joined)]:
            raise MemberAlready(**_who(place, meets[0]))
        again = next((one for one in periods if one.joined == day), None)  # joined and left on the same day before
        before = f"{code} {period(again)}" if again else None
        if again is not None:
            again.left = None
        else:
            again = Membership(collaboration_id=held.id, municipality=code, joined=day)
            session.add(again)
        session.flush()
        write_down(session, held, "member", before, f"{code} {period(again)}")
        others = ", ".join(_others(session, held, code, day))
        lines.append(f"{code} {place.name}: from {day}" + (f" (also in {others})" if others else ""))
    return lines


def leave(session: Session, name: str, codes: Sequence[str], day: date, today: date) -> list[str]:
    """These municipalities are no members any more from this Danish day on; a line for each.

    Their inquiries, people and figures stay, and so do the times after which something of theirs is erased. Raises
    UnknownCollaboration, UnknownMunicipality, NoMember, LeavesBeforeItJoins, and then none leaves.
    """
    held, lines = named(session, name, to_change=True), []
    for code in codes:
        place = _municipality(session, code)
        periods = _periods(session, held, code)
        last = periods[-1] if periods else None
        if last is None or (last.left is not None and last.left <= today):
            raise NoMember(**_who(place, last))
        if day < last.joined:
            raise LeavesBeforeItJoins(code=code, name=place.name, since=str(last.joined))
        before = f"{code} {period(last)}"
        last.left = day
        session.add(last)
        write_down(session, held, "member", before, f"{code} {period(last)}")
        with acting(session):
            open_ones = session.connection().execute(NOT_ENDED, {"code": code}).scalar_one()
        lines.append(f"{code} {place.name}: until {day}, {open_ones} open inquiries stay where they are")
    session.flush()
    return lines


def write_down(session: Session, held: Collaboration, rule: str, before: str | None, after: str) -> None:
    """A line of who changed this rule, for whom the transaction works; both values as `said` has them."""
    line = {"collaboration_id": held.id, "rule": rule, "before": before, "after": after}
    session.connection().execute(insert(RuleChange).values(line))


def written(
    session: Session, held: Collaboration, rule: str, code: str, before: Sequence[str], after: Sequence[str]
) -> list[str]:
    """What a municipality has agreed, before and after, in words and as a line; nothing where it is the same."""
    if list(before) == list(after):
        return []
    said_before, said_after = (f"{code} {', '.join(one) or 'none'}" for one in (before, after))
    write_down(session, held, rule, said_before if before else None, said_after)
    return [f"{rule}: {said_before} → {said_after}"]


def memberships(session: Session, held: Collaboration) -> list[tuple[Membership, Municipality]]:
    """Who is, was or will be a member, by code and day."""
    both = select(Membership, Municipality).join(Municipality, col(Municipality.code) == col(Membership.municipality))
    of_it = both.where(Membership.collaboration_id == held.id)
    return list(session.exec(of_it.order_by(col(Membership.municipality), col(Membership.joined))))


def hours_of(session: Session, held: Collaboration) -> list[Opening]:
    """Its opening hours, in their order in a week."""
    rows = select(OpeningHours).where(OpeningHours.collaboration_id == held.id)
    ordered = rows.order_by(col(OpeningHours.weekday), col(OpeningHours.opens))
    return [Opening(one.weekday, one.opens, one.closes) for one in session.exec(ordered)]


def period(one: Membership) -> str:
    """From when until when, in words."""
    return f"from {one.joined}" + (f" until {one.left}" if one.left else "")


def said(value: object) -> str:
    """The value of a rule as people read and write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _named(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise BadName(longest=LONGEST_NAME)
    return cleaned


def _add(session: Session, one: Collaboration) -> None:
    name = one.name  # a flush that fails forgets it
    session.add(one)
    try:
        session.flush()
    except IntegrityError as error:
        raise CollaborationExists(name=name) from error


def _open(session: Session, one: Collaboration, hours: Sequence[Opening]) -> None:
    session.exec(delete(OpeningHours).where(col(OpeningHours.collaboration_id) == one.id))
    for opening in hours:
        row = OpeningHours(collaboration_id=one.id, weekday=opening.weekday, opens=opening.opens, closes=opening.closes)
        session.add(row)
    session.flush()


def _in_words(hours: Sequence[Opening]) -> str:
    return ", ".join(wall_hours.say(hours)) or "none"


def _municipality(session: Session, code: str) -> Municipality:
    found = session.get(Municipality, code)
    if found is None:
        raise UnknownMunicipality(code=code)
    return found


def _who(place: Municipality, one: Membership | None) -> dict[str, str]:
    """Which municipality, and in which period, as members of an error."""
    who = {"code": place.code, "name": place.name}
    if one is None:
        return {"why": "never", **who}
    if one.left is None:
        return {"why": "lasting", **who, "since": str(one.joined)}
    return {"why": "ending", **who, "since": str(one.joined), "until": str(one.left)}


def _periods(session: Session, held: Collaboration, code: str) -> list[Membership]:
    of_it = select(Membership).where(Membership.collaboration_id == held.id, Membership.municipality == code)
    return list(session.exec(of_it.order_by(col(Membership.joined))))


def _others(session: Session, held: Collaboration, code: str, day: date) -> list[str]:
    """The other collaborations that this municipality is in on this day, or will be."""
    both = select(Collaboration.name).join(Membership, col(Membership.collaboration_id) == col(Collaboration.id))
    still = (col(Membership.left).is_(None)) | (col(Membership.left) > day)
    return sorted(
        set(session.exec(both.where(Membership.municipality == code, col(Collaboration.id) != held.id, still)))
    )
