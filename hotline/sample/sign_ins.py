"""How the sample's people and its phone system sign in: one password and one key, of which only hashes are stored."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from hotline.access.keys import Grant, give
from hotline.access.models import ApiKey, Credential, Integrator
from hotline.access.passwords import fits, hash_password, new_password
from hotline.access.sessions import token_hash
from hotline.directory.models import AgentSkill, Person, Role

PHONE_SYSTEM = "Demo-telefonanlæg"


@dataclass(frozen=True)
class Secrets:
    """The password that all people of the sample share, and the key of its phone system."""

    password: str
    integrator_key: str


@dataclass(frozen=True)
class SignIn:
    """Who may sign in, and as what. `topics` is empty for those who are no agents."""

    username: str
    password: str
    role: str
    municipality: str | None
    topics: tuple[str, ...]


@dataclass(frozen=True)
class SignIns:
    """Every way into the sample region, agents first."""

    integrator_key: str
    users: tuple[SignIn, ...]


def new_secrets(random: Random) -> Secrets:
    """Secrets by chance; give it a SystemRandom wherever they guard something."""
    return Secrets(new_password(random), f"hk_{random.getrandbits(192):048x}")


def everyone(session: Session, secrets: Secrets) -> SignIns:
    """Those who still have the sample's password, with what they can do now."""
    topics: dict[int, list[str]] = {}
    for skill in session.exec(select(AgentSkill).order_by(col(AgentSkill.topic))):
        topics.setdefault(skill.agent_id, []).append(skill.topic)
    theirs = (col(Credential.password_hash) == _shared_hash(session), col(Person.active))
    sample = select(Person).join(Credential, col(Credential.person_id) == col(Person.id)).where(*theirs)
    people = session.exec(sample.order_by(col(Person.id))).all()
    return SignIns(
        secrets.integrator_key,
        tuple(
            SignIn(one.username, secrets.password, one.role, one.municipality, tuple(topics.get(one.id or 0, ())))
            for one in sorted(people, key=lambda one: one.role != Role.AGENT)
        ),
    )


def still_fit(session: Session, secrets: Secrets, now: datetime) -> bool:
    """Whether the key is in force at `now` and the password is the one that the sample's people share."""
    in_force = col(ApiKey.ends_at).is_(None) | (col(ApiKey.ends_at) > now)
    keys = select(ApiKey).where(ApiKey.key_hash == token_hash(secrets.integrator_key), in_force)
    return session.exec(keys).first() is not None and fits(secrets.password, _shared_hash(session))


def renew(session: Session, secrets: Secrets, now: datetime) -> None:
    """Let these secrets replace the earlier ones, which end at `now`; passwords people chose themselves stay."""
    phone_system = session.exec(select(Integrator).where(Integrator.name == PHONE_SYSTEM)).one()
    in_use = (col(ApiKey.integrator_id) == phone_system.id, col(ApiKey.ends_at).is_(None))
    session.exec(update(ApiKey).where(*in_use).values(ends_at=now))
    give(session, phone_system, Grant(), now, secrets.integrator_key)
    shared = col(Credential.password_hash) == _shared_hash(session)
    session.exec(update(Credential).where(shared).values(password_hash=hash_password(secrets.password)))
    session.flush()


def _shared_hash(session: Session) -> str | None:
    """The hash that the sample's people share. Passwords people chose never share one, for each has its own salt."""
    count = sa.func.count()
    shared = sa.select(col(Credential.password_hash)).group_by(col(Credential.password_hash)).having(count > 1)
    return session.connection().execute(shared.order_by(count.desc()).limit(1)).scalar()
