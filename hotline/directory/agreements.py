"""What a municipality has agreed within a collaboration: whom it asks before all others, and what it keeps."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, col, delete, select

from hotline.directory.collaborations import named, written
from hotline.directory.errors import NoMember, OwnPartner, UnknownMunicipality, UnknownTopic
from hotline.directory.models import Collaboration, KeptTopic, Membership, Municipality, Partner, Topic


def name_partners(session: Session, name: str, code: str, partners: Iterable[str], today: date) -> list[str]:
    """From now on these and no others are this municipality's partners; what changed, in words.

    Raises UnknownCollaboration, UnknownMunicipality, OwnPartner, and NoMember for who is none at `today` (Danish) nor
    will be.
    """
    held, wanted = named(session, name, to_change=True), sorted(set(partners))
    for one in (code, *wanted):
        _must_be_member(session, held, one, today)
    if code in wanted:
        raise OwnPartner(code=code)
    before = partners_of(session, held).get(code, [])
    theirs = (col(Partner.collaboration_id) == held.id, col(Partner.municipality) == code)
    session.exec(delete(Partner).where(*theirs))
    session.add_all(Partner(collaboration_id=held.id, municipality=code, partner=one) for one in wanted)
    session.flush()
    return written(session, held, "partners", code, before, wanted)


def keep_topics(session: Session, name: str, code: str, topics: Iterable[str], today: date) -> list[str]:
    """From now on this municipality keeps these topics and no others; what changed, in words.

    Raises UnknownCollaboration, UnknownMunicipality, UnknownTopic, and NoMember as `name_partners` does.
    """
    held, wanted = named(session, name, to_change=True), sorted(set(topics))
    _must_be_member(session, held, code, today)
    for slug in wanted:
        if session.get(Topic, slug) is None:
            raise UnknownTopic(topic=slug)
    before = kept_by(session, held).get(code, [])
    theirs = (col(KeptTopic.collaboration_id) == held.id, col(KeptTopic.municipality) == code)
    session.exec(delete(KeptTopic).where(*theirs))
    session.add_all(KeptTopic(collaboration_id=held.id, municipality=code, topic=one) for one in wanted)
    session.flush()
    return written(session, held, "kept", code, before, wanted)


def partners_of(session: Session, held: Collaboration) -> dict[str, list[str]]:
    """The partners of each municipality that has any, by code."""
    rows = select(Partner.municipality, Partner.partner).where(col(Partner.collaboration_id) == held.id)
    return _by_code(session.exec(rows.order_by(col(Partner.municipality), col(Partner.partner))).all())


def kept_by(session: Session, held: Collaboration) -> dict[str, list[str]]:
    """The topics that each municipality keeps, of those that keep any."""
    rows = select(KeptTopic.municipality, KeptTopic.topic).where(col(KeptTopic.collaboration_id) == held.id)
    return _by_code(session.exec(rows.order_by(col(KeptTopic.municipality), col(KeptTopic.topic))).all())


def _by_code(rows: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, one in rows:
        found.setdefault(code, []).append(one)
    return found


def _must_be_member(session: Session, held: Collaboration, code: str, today: date) -> None:
    place = session.get(Municipality, code)
    if place is None:
        raise UnknownMunicipality(code=code)
    still = (col(Membership.left).is_(None)) | (col(Membership.left) > today)
    of_it = select(Membership).where(col(Membership.collaboration_id) == held.id, col(Membership.municipality) == code)
    if session.exec(of_it.where(still)).first() is None:
        raise NoMember(why="never", code=code, name=place.name)
