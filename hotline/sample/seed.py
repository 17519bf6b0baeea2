"""Fills an empty hotline with the sample region."""

from datetime import datetime
from random import Random, SystemRandom

from sqlmodel import Session, select

from hotline.access.keys import Grant, give
from hotline.access.models import Credential, Integrator
from hotline.access.passwords import hash_password
from hotline.agents.models import AgentWork
from hotline.db import acting
from hotline.directory.collaborations import said, write_down
from hotline.directory.models import Agent, AgentSkill, Collaboration, Membership, OpeningHours, Person, Role
from hotline.directory.shipped import seed_facts
from hotline.directory.special_days import rows
from hotline.integrations.cti.models import CalledNumber
from hotline.sample.errors import NotEmpty
from hotline.sample.guidance import add_guidance
from hotline.sample.people import Invented, invent
from hotline.sample.region import Region, region
from hotline.sample.sign_ins import PHONE_SYSTEM, Secrets, SignIns, everyone, new_secrets, renew, still_fit
from hotline.settings import settings
from hotline.settlement.agree import agree
from hotline.settlement.terms import Basis, Part, Terms

# Invented as all of the sample: øre for a minute and for an inquiry.
SETTLED_BY = (Part(Basis.MINUTES, 650, share=60), Part(Basis.INQUIRIES, 4500, share=40))


def seed(session: Session, random: Random, now: datetime, known: Secrets | None = None) -> SignIns:
    """The facts and the sample region; what is there already stays as it is. Gives everyone's way in.

    `random` decides who the people are. `known` are the secrets of an earlier run: while they still fit, nothing is
    changed. Without them new ones are made and the old ones end, for only their hashes are kept. The sample is always
    open in demo mode and keeps its hours otherwise. Raises NotEmpty where there are people but no sample.
    """
    seed_facts(session)
    seeded, sample = is_seeded(session), region()
    if not seeded:
        if session.exec(select(Person.id).limit(1)).first() is not None:
            raise NotEmpty
        _add_collaboration(session, sample)
    if not seeded:
        known = new_secrets(SystemRandom())
        _add_people(session, invent(sample, random), hash_password(known.password))
        _add_phone_system(session, known.integrator_key, now)
        with acting(session):
            add_guidance(session, now)
    elif known is None or not still_fit(session, known, now):
        known = new_secrets(SystemRandom())
        renew(session, known, now)
    return everyone(session, known)


def is_seeded(session: Session) -> bool:
    """Whether the sample region is in this database: its phone system is the mark."""
    return session.exec(select(Integrator.id).where(Integrator.name == PHONE_SYSTEM)).first() is not None


def _add_collaboration(session: Session, region: Region) -> None:
    collaboration = Collaboration(name=region.name, always_open=settings().demo, keep_cpr=settings().demo)
    session.add(collaboration)
    session.flush()
    for rule in ("name", "always_open", "keep_cpr"):
        write_down(session, collaboration, rule, None, said(getattr(collaboration, rule)))
    for hours in region.hours:
        for weekday in hours.weekdays:
            session.add(
                OpeningHours(collaboration_id=collaboration.id, weekday=weekday, opens=hours.opens, closes=hours.closes)
            )
    for day in region.closed:
        session.add_all(rows(collaboration, day, []))
    for code in region.sizes:
        session.add(Membership(collaboration_id=collaboration.id, municipality=code, joined=region.joined))
        session.add(CalledNumber(number=f"115{code}", municipality=code))  # as no exchange but an invented one has it
    session.flush()
    agree(session, region.name, Terms(region.joined, SETTLED_BY, again_minutes=30))


def _add_people(session: Session, people: list[Invented], password_hash: str) -> None:
    for one in people:
        person = Person(
            username=one.username,
            name=one.name,
            role=one.role,
            municipality=one.municipality,
        )
        session.add(person)
        session.flush()  # one by one: ids follow the order of the list
        assert person.id is not None
        session.add(Credential(person_id=person.id, password_hash=password_hash))
        if one.role == Role.AGENT:
            assert one.municipality is not None
            session.add(Agent(id=person.id, municipality=one.municipality, languages=list(one.languages)))
            session.flush()
            session.add(AgentWork(agent_id=person.id))
            session.add_all(AgentSkill(agent_id=person.id, topic=t, level=level) for t, level in one.skills.items())
    session.flush()


def _add_phone_system(session: Session, key: str, now: datetime) -> None:
    integrator = Integrator(name=PHONE_SYSTEM)
    session.add(integrator)
    session.flush()
    give(session, integrator, Grant(), now, key)
