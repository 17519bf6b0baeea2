"""Brings a person in step with what a list or an administrator says of them, or lets them leave; no work is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, select

from hotline.agents import presence
from hotline.agents.models import AgentWork
from hotline.directory.models import Agent, AgentSkill, Person, Role
from hotline.directory.usernames import as_kept, bearer
from hotline.inquiries.states import HELD, sql

IN_HAND = text(f"SELECT count(*) FROM inquiry WHERE agent_id = :agent AND state IN {sql(HELD)}")
USUAL_LEVEL = 2

EndSignIns = Callable[[Session, int | None, datetime], object]  # how access does it (access/ends.py)


@dataclass(frozen=True)
class Wanted:
    """How a person is to be. `skills` go from topic to level (None: as it is, else 2), for agents alone."""

    username: str
    name: str
    role: Role
    municipality: str | None
    skills: Mapping[str, int | None] = field(default_factory=dict)
    languages: tuple[str, ...] = ()


def bring_in_step(session: Session, wanted: Wanted, now: datetime) -> list[str]:
    """Make the person so, from the sign-in to the skills; what changed, in words, and [] where nothing did.

    Who is no agent any more but has inquiries in hand stays one until these have ended; that is said as well.
    """
    person = bearer(session, wanted.username)
    if person is None:
        username = as_kept(wanted.username)
        person = Person(username=username, name=wanted.name, role=wanted.role, municipality=wanted.municipality)
        changes = [f"new: {_place(wanted.role, wanted.municipality)}"]
        session.add(person)
        session.flush()
    elif person.role == Role.AGENT != wanted.role and (held := in_hand(session, person)):
        presence.stop(session, person.id or 0, now)
        return [f"stays agent: {_inquiries(held)} in hand; to be {wanted.role} once they have ended"]
    else:
        changes = _as_wanted(person, wanted)
        session.add(person)
        session.flush()
    return changes + (
        _as_agent(session, person, wanted) if wanted.role == Role.AGENT else _no_agent(session, person, now)
    )


def leave(session: Session, person: Person, now: datetime, end_sign_ins: EndSignIns) -> None:
    """This person may not come in any more, and is out at once; what they did and what they have in hand stays."""
    person.active = False
    session.add(person)
    end_sign_ins(session, person.id, now)
    presence.stop(session, person.id or 0, now)


def leave_when_done(session: Session, person: Person, now: datetime, end_sign_ins: EndSignIns) -> str:
    """Let them leave, or, where inquiries are in their hands, only be offered nothing more; what was done, in words."""
    if held := in_hand(session, person):
        presence.stop(session, person.id or 0, now)
        return f"not deactivated yet: {_inquiries(held)} in hand; run this again once they have ended"
    leave(session, person, now, end_sign_ins)
    return "deactivated"


def in_hand(session: Session, person: Person) -> int:
    """How many inquiries are in this person's hands now."""
    return int(session.connection().execute(IN_HAND, {"agent": person.id}).scalar_one())


def _as_wanted(person: Person, wanted: Wanted) -> list[str]:
    changes = []
    if not person.active:
        person.active = True
        changes.append("active again")
    for name in ("name", "role", "municipality"):
        before, after = getattr(person, name), getattr(wanted, name)
        if before != after:
            setattr(person, name, after)
            changes.append(f"{name}: {before or 'none'} → {after or 'none'}")
    return changes


def _as_agent(session: Session, person: Person, wanted: Wanted) -> list[str]:
    assert person.id is not None and wanted.municipality is not None
    agent = session.get(Agent, person.id)
    languages = list(wanted.languages)
    changes = []
    if agent is None:
        agent = Agent(id=person.id, municipality=wanted.municipality, languages=languages)
        session.add(agent)
        session.flush()
        session.add(AgentWork(agent_id=person.id))
        changes.append(f"speaks {', '.join(languages)}")
    elif sorted(agent.languages) != sorted(languages):
        changes.append(f"speaks {', '.join(languages)}, not {', '.join(agent.languages)}")
        agent.languages = languages
    agent.municipality = wanted.municipality
    session.add(agent)
    session.flush()
    return changes + _skills(session, person.id, wanted.skills)


def _skills(session: Session, agent_id: int, wanted: Mapping[str, int | None]) -> list[str]:
    held = {one.topic: one for one in session.exec(select(AgentSkill).where(AgentSkill.agent_id == agent_id))}
    changes = []
    for topic in sorted(held.keys() - wanted.keys()):
        session.delete(held[topic])
        changes.append(f"no longer {topic}")
    for topic, level in sorted(wanted.items()):
        skill = held.get(topic)
        if skill is None:
            session.add(AgentSkill(agent_id=agent_id, topic=topic, level=level or USUAL_LEVEL))
            changes.append(f"learned {topic}")
        elif level is not None and skill.level != level:
            changes.append(f"{topic}: level {skill.level} → {level}")
            skill.level = level
            session.add(skill)
    session.flush()
    return changes


def _no_agent(session: Session, person: Person, now: datetime) -> list[str]:
    """Whoever answers no longer keeps the row that past work points to, and no skill."""
    assert person.id is not None
    if session.get(Agent, person.id) is None:
        return []
    presence.stop(session, person.id or 0, now)
    return _skills(session, person.id, {})


def _place(role: Role, municipality: str | None) -> str:
    return f"{role} in {municipality}" if municipality else str(role)


def _inquiries(count: int) -> str:
    return "1 inquiry" if count == 1 else f"{count} inquiries"
