"""Keeps people in step with what their organisation says of them when they sign in; no work is ever deleted."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from hotline.access.claims import Said
from hotline.access.ends import end_of
from hotline.access.errors import NoPlace, UnknownOrganisation
from hotline.access.models import Credential
from hotline.access.oidc_tables import OidcPerson
from hotline.directory import in_step as directory
from hotline.directory import usernames
from hotline.directory.cvr import CvrNumber
from hotline.directory.kle import covers, is_pattern
from hotline.directory.models import WHOLE_POOL, Agent, AgentSkill, Municipality, Person, Role, Topic
from hotline.locks import FIRST_SIGN_IN

DANISH = ("da",)


def bring_in_step(session: Session, issuer: str, said: Said, now: datetime) -> Person:
    """The person whom this subject of this issuer is, created or changed to what is said of them.

    Who is an agent no more but has inquiries in hand stays one until these have ended. Raises UnknownOrganisation
    where no municipality here has the CVR number or code, and NoPlace where the person was deactivated, works nowhere,
    or bears the user name of somebody else.
    """
    session.connection().execute(sa.select(sa.func.pg_advisory_xact_lock(FIRST_SIGN_IN)))
    home = _home(session, said)
    bound = session.get(OidcPerson, (issuer, said.subject))
    known = session.get_one(Person, bound.person_id) if bound else _known_beforehand(session, said, home)
    if known is not None and not known.active:
        raise NoPlace("this person was deactivated in the hotline")
    username = _username(session, said, known)
    directory.bring_in_step(session, _wanted(session, said, username, home, known), now)
    person = usernames.bearer(session, username)
    assert person is not None and person.id is not None
    if bound is None:
        bound = OidcPerson(issuer=issuer, subject=said.subject, person_id=person.id, last_at=now)
        session.add(bound)
    bound.last_at = now
    return person


def let_go(session: Session, issuer: str, subject: str, now: datetime) -> None:
    """Whoever this subject of this issuer is here has no place any more: their sign-ins end."""
    bound = session.get(OidcPerson, (issuer, subject))
    if bound is not None:
        end_of(session, bound.person_id, now)


def _home(session: Session, said: Said) -> str | None:
    """The code of the municipality; None for those who serve all, whose organisation must be known all the same."""
    codes = set()
    if said.cvr is not None:
        number = session.get(CvrNumber, said.cvr)
        if number is not None:
            codes.add(number.municipality)
        elif not said.of_the_pool:
            raise UnknownOrganisation("no municipality here has this CVR number")
    if said.code is not None:
        if session.get(Municipality, said.code) is None:
            raise UnknownOrganisation("no municipality here has this code")
        codes.add(said.code)
    if len(codes) > 1:
        raise NoPlace("the CVR number and the code belong to two municipalities")
    if said.role in WHOLE_POOL:
        return None
    if not codes:
        raise NoPlace("the sign-in says no municipality")
    return codes.pop()


def _known_beforehand(session: Session, said: Said, home: str | None) -> Person | None:
    """Somebody of this name who was entered beforehand and never came in: same place, neither password nor subject.

    Whoever has either is not taken over by a name alone.
    """
    known = usernames.bearer(session, said.username)
    if known is None:
        return None
    theirs = select(OidcPerson).where(OidcPerson.person_id == known.id)
    comes_in = session.get(Credential, known.id) or session.exec(theirs).first()
    if comes_in or known.municipality != home:
        raise NoPlace("the user name belongs to somebody else here")
    return known


def _username(session: Session, said: Said, known: Person | None) -> str:
    """The name that is said, unless somebody else bears it; who is known then keeps theirs."""
    if known is None:
        return said.username
    if usernames.bearer(session, said.username) is None:
        known.username = usernames.as_kept(said.username)
        session.flush()
    return known.username


def _wanted(session: Session, said: Said, username: str, home: str | None, known: Person | None) -> directory.Wanted:
    """What is said, and where nothing is said of topics or languages, what was set here."""
    topics: set[str] = set()
    languages = said.languages or ()
    if said.role == Role.AGENT:
        agent = session.get(Agent, known.id) if known else None
        languages = languages or (tuple(agent.languages) if agent else DANISH)
        topics = _had(session, known) if said.topics is None else _topics(session, said.topics)
    return directory.Wanted(username, said.name, said.role, home, dict.fromkeys(topics), languages)


def _had(session: Session, known: Person | None) -> set[str]:
    had = select(AgentSkill.topic).where(AgentSkill.agent_id == (known.id if known else None))
    return set(session.exec(had).all())


def _topics(session: Session, named: frozenset[str]) -> set[str]:
    """The topics here that bear one of these names or whose KLE number one of these patterns takes in."""
    patterns = [name for name in named if is_pattern(name)]
    topics = session.exec(select(Topic)).all()
    by_kle = {topic.slug for topic in topics if topic.kle and any(covers(pattern, topic.kle) for pattern in patterns)}
    return by_kle | {topic.slug for topic in topics if topic.slug in named}
