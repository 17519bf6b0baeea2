"""Who is asking, and what their role lets them see; a single inquiry is obtained through offers/guards.py."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import or_
from sqlmodel import Session, col, select

from hotline.access import sessions
from hotline.access.models import ApiKey, Integrator
from hotline.clock import now
from hotline.db import Db, act, become
from hotline.directory.models import Agent, Person, Role
from hotline.errors import NotAllowed, NotSignedIn
from hotline.tenant import Tenant

COOKIE = "hotline_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WHOLE_POOL = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})
AUDIENCES = {
    Role.AGENT: "agent",
    Role.TEAM_LEAD: "team_lead",
    Role.VIEWER: "viewer",
    Role.SECRETARIAT: "secretariat",
    Role.ADMINISTRATOR: "secretariat",
}
OWN_FIGURES = frozenset({Role.VIEWER, Role.TEAM_LEAD})


@dataclass(frozen=True)
class KeyHolder:
    """A phone system, form or bot that showed a valid key."""

    integrator_id: int
    name: str


def bearer(request: Request) -> str | None:
    """What stands behind `Authorization: Bearer`, if anything does."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def signed_in(request: Request, db: Db) -> Person:
    """The person of the bearer token or the console's cookie. Raises NotSignedIn.

    A change asked for with the cookie must carry the page's CSRF word; raises NotAllowed where it does not.
    """
    token = bearer(request)
    if token is None and (token := request.cookies.get(COOKIE)) and request.method not in SAFE:
        sent = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), sessions.csrf_token(token).encode()):
            raise NotAllowed("the page is too old; load it again")
    person = sessions.person_of(db, token, now()) if token else None
    if person is None:
        raise NotSignedIn
    become(db, tenant_of(person))
    return person


def tenant_of(person: Person) -> Tenant:
    """The audience of the database that this person belongs to."""
    audience = AUDIENCES[Role(person.role)]
    return Tenant(audience, f"person {person.id}", person=person.id, municipality=person.municipality)


SignedIn = Annotated[Person, Depends(signed_in, scope="function")]


def signed_in_agent(person: SignedIn, db: Db) -> Agent:
    """The agent that the signed-in person works as. Raises NotAllowed for people who do not answer inquiries."""
    agent = db.get(Agent, person.id)
    if agent is None:
        raise NotAllowed("only agents answer inquiries")
    return agent


SignedInAgent = Annotated[Agent, Depends(signed_in_agent, scope="function")]


def acting_agent(agent: SignedInAgent, db: Db) -> Agent:
    """The same for a request that changes something: what it writes, the hotline writes for the agent."""
    act(db)
    return agent


ActingAgent = Annotated[Agent, Depends(acting_agent, scope="function")]


def key_holder_or_person(request: Request, db: Db) -> KeyHolder | Person:
    """Whoever asks, by key or by sign-in. Raises NotSignedIn."""
    token = bearer(request)
    if token and not token.startswith(sessions.PREFIX):
        holder = key_holder(db, token)
        if holder is None:
            raise NotSignedIn
        return holder
    return signed_in(request, db)


Caller = Annotated[KeyHolder | Person, Depends(key_holder_or_person, scope="function")]


def key_holder(session: Session, key: str) -> KeyHolder | None:
    """The integrator of a key that is valid now."""
    valid = (
        select(Integrator)
        .join(ApiKey, col(ApiKey.integrator_id) == col(Integrator.id))
        .where(
            ApiKey.key_hash == sessions.token_hash(key),
            or_(col(ApiKey.ends_at).is_(None), col(ApiKey.ends_at) > now()),
            col(Integrator.active),
        )
    )
    found = session.exec(valid).first()
    if found is None or found.id is None:
        return None
    become(session, Tenant("integrator", f"integrator {found.id}", integrator=found.id))
    return KeyHolder(found.id, found.name)


def may_see_figures(person: Person, municipality: str) -> None:
    """Raises NotAllowed unless this person may see the figures of this municipality."""
    if person.role in WHOLE_POOL or (person.role in OWN_FIGURES and person.municipality == municipality):
        return
    raise NotAllowed("these figures belong to another municipality")


def may_see_the_queue(person: Person) -> None:
    """Raises NotAllowed unless this person runs the pool."""
    if person.role not in WHOLE_POOL:
        raise NotAllowed("the queue of the whole pool is the secretariat's")
