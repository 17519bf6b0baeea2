"""Keeps people in step with what their organisation says of them when they sign in; no work is ever deleted."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from hotline.access.bpp import KLE_PATTERN, covers
from hotline.access.claims import Said
from hotline.access.identities import CvrNumber, Identity
from hotline.access.models import Credential
from hotline.directory.models import Agent, AgentSkill, Municipality, Person, Presence, PresenceChange, Role, Topic
from hotline.errors import NoPlace, UnknownOrganisation

LOCK = 7_260_004  # of two first sign-ins of one person, one after the other
SOMEWHERE = frozenset({Role.AGENT, Role.TEAM_LEAD, Role.VIEWER})
DANISH = ("da",)


def keep(session: Session, issuer: str, said: Said, now: datetime) -> Person:
    """The person whom this subject of this issuer is, created or changed to what is said of them.

    Raises UnknownOrganisation where no municipality here has the CVR number or code, and NoPlace where the person was
    deactivated, works nowhere, or bears the user name of somebody else.
    """
    session.connection().execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    home = _home(session, said)
    identity = session.get(Identity, (issuer, said.subject))
    if identity:
        person = session.get_one(Person, identity.person_id)
    else:
        person = _known_beforehand(session, said, home) or Person(
            username=said.username, name=said.name, role=said.role, municipality=home
        )
        session.add(person)
        session.flush()
        assert person.id is not None
        identity = Identity(issuer=issuer, subject=said.subject, person_id=person.id, last_at=now)
        session.add(identity)
    if not person.active:
        raise NoPlace("this person was deactivated in the hotline")
    identity.last_at = now
    person.name, person.role, person.municipality = said.name, said.role, home
    if not _others_bear(session, said.username, person):
        person.username = said.username
    session.flush()
    _keep_agent(session, person, said, now)
    return person


def _home(session: Session, said: Said) -> str | None:
    """The code of the municipality; None for those who serve all, whose organisation must be known all the same."""
    codes = set()
    if said.cvr is not None:
        number = session.get(CvrNumber, said.cvr)
        if number is None:
            raise UnknownOrganisation("no municipality here has this CVR number")
        codes.add(number.municipality)
    if said.code is not None:
        if session.get(Municipality, said.code) is None:
            raise UnknownOrganisation("no municipality here has this code")
        codes.add(said.code)
    if len(codes) > 1:
        raise NoPlace("the CVR number and the code belong to two municipalities")
    if said.role not in SOMEWHERE:
        return None
    if not codes:
        raise NoPlace("the sign-in says no municipality")
    return codes.pop()


def _known_beforehand(session: Session, said: Said, home: str | None) -> Person | None:
    """Somebody of this name who was entered beforehand and never came in: same place, no password, no identity.

    Whoever has either is not taken over by a name alone.
    """
    known = session.exec(select(Person).where(Person.username == said.username)).first()
    if known is None:
        return None
    assert known.id is not None
    comes_in = (
        session.get(Credential, known.id)
        or session.exec(select(Identity).where(Identity.person_id == known.id)).first()
    )
    if comes_in or known.municipality != home:
        raise NoPlace("the user name belongs to somebody else here")
    return known


def _others_bear(session: Session, username: str, person: Person) -> bool:
    others = select(Person.id).where(Person.username == username, col(Person.id) != person.id)
    return session.exec(others).first() is not None


def _keep_agent(session: Session, person: Person, said: Said, now: datetime) -> None:
    """The working side: made for an agent, changed with them, and off duty without skills once they are none."""
    assert person.id is not None
    agent = session.get(Agent, person.id)
    if said.role != Role.AGENT:
        if agent:
            _off_duty(session, agent, now)
        return
    assert person.municipality is not None
    if agent is None:
        languages = list(said.languages or DANISH)
        agent = Agent(id=person.id, municipality=person.municipality, languages=languages, idle_since=now)
        session.add(agent)
    agent.municipality = person.municipality
    if said.languages:
        agent.languages = list(said.languages)
    session.flush()
    if said.topics is not None:
        _keep_skills(session, agent.id, _topics(session, said.topics))


def _off_duty(session: Session, agent: Agent, now: datetime) -> None:
    _keep_skills(session, agent.id, set())
    if agent.presence != Presence.OFFLINE:
        agent.presence, agent.presence_reason = Presence.OFFLINE, None
        change = PresenceChange(agent_id=agent.id, at=now, presence=Presence.OFFLINE, connected=agent.connected)
        session.add(change)


def _topics(session: Session, named: frozenset[str]) -> set[str]:
    """The topics here that bear one of these names or whose KLE number one of these patterns takes in."""
    patterns = [name for name in named if KLE_PATTERN.fullmatch(name)]
    topics = session.exec(select(Topic)).all()
    by_kle = {topic.slug for topic in topics if topic.kle and any(covers(pattern, topic.kle) for pattern in patterns)}
    return by_kle | {topic.slug for topic in topics if topic.slug in named}


def _keep_skills(session: Session, agent_id: int, topics: set[str]) -> None:
    """Exactly these topics; a level that was set here stays as long as the topic does."""
    had = set(session.exec(select(AgentSkill.topic).where(AgentSkill.agent_id == agent_id)).all())
    gone = (col(AgentSkill.agent_id) == agent_id, col(AgentSkill.topic).in_(had - topics))
    session.exec(delete(AgentSkill).where(*gone))
    for topic in sorted(topics - had):
        session.add(AgentSkill(agent_id=agent_id, topic=topic))
