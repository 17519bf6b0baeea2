"""Who is asking, and what their role lets them see; a single inquiry is obtained through offers/guards.py."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from hotline.access import cookies, keys, sessions
from hotline.access.errors import MissingScope, NotAllowed, NotSignedIn, SomebodyElse, WrongKindOfKey
from hotline.access.keys import Scope
from hotline.access.origin import from_elsewhere
from hotline.access.rate import RATE
from hotline.clock import now
from hotline.db import Db, act, become
from hotline.directory.models import LEADS, WHOLE_POOL, Agent, Person, Role
from hotline.tenant import Tenant
from hotline.web.one_thread import needs

COOKIE = "hotline_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
AUDIENCES = {
    Role.AGENT: "agent",
    Role.TEAM_LEAD: "team_lead",
    Role.VIEWER: "viewer",
    Role.SECRETARIAT: "secretariat",
    Role.ADMINISTRATOR: "secretariat",
}
OWN_FIGURES = frozenset({Role.VIEWER, Role.TEAM_LEAD})
AS_AGENT = select(Agent).where(col(Agent.id) == bindparam("person"))  # made once, since every action asks it


@dataclass(frozen=True)
class KeyHolder:
    """A phone system, form or bot that showed a valid key; no `municipalities` means all members."""

    integrator_id: int
    name: str
    scopes: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()

    def must_have(self, scope: Scope) -> None:
        """Raises MissingScope where the key was not given this scope."""
        if scope not in self.scopes:
            raise MissingScope(f"this takes a key with the scope `{scope}`")

    def must_be_for(self, municipality: str) -> None:
        """Raises NotAllowed where the key is bound to other municipalities."""
        if self.municipalities and municipality not in self.municipalities:
            raise NotAllowed("this key is for other municipalities")


def bearer(request: Request) -> str | None:
    """What stands behind `Authorization: Bearer`, if anything does."""
    return bearer_in(request.headers.get("authorization", ""))


def bearer_in(header: str) -> str | None:
    """The same of the header itself."""
    scheme, _, token = header.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def sign_in_of(request: Request) -> str | None:
    """The token that this request was let in by, from its header or its cookie."""
    return bearer(request) or cookies.read(request, COOKIE)


def signed_in(request: Request, db: Db) -> Person:
    """The person of the bearer token or the console's cookie. Raises NotSignedIn, WrongKindOfKey for an integrator's.

    A change asked for with the cookie must come from our own page and carry its CSRF word; raises NotAllowed where it
    does not, and SomebodyElse where the page is that of another person who was signed in in this browser before.
    """
    by_cookie = bearer(request) is None
    token = sign_in_of(request)
    person = sessions.person_of(db, token, now()) if token else None
    if token is None or person is None:
        if token and token.startswith(keys.PREFIX) and key_holder(db, token):
            raise WrongKindOfKey("this takes a sign-in, and an integrator's key was shown")
        raise NotSignedIn
    if by_cookie:
        _from_their_page(request, person, token)
    request.state.who = f"person {person.id}"  # for the log, should they be refused something
    become(db, tenant_of(person))
    return person


def _from_their_page(request: Request, person: Person, token: str) -> None:
    """A page says whose it is by a header, where it cannot set one (an event stream) by a parameter."""
    whose = request.headers.get("x-visitor", request.query_params.get("visitor"))
    if whose not in (None, str(person.id)):
        raise SomebodyElse
    if request.method in SAFE:
        return
    if from_elsewhere(request):
        raise NotAllowed("ask from our own page")
    sent = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(sent.encode(), sessions.csrf_token(token).encode()):
        raise NotAllowed("the page is too old; load it again")


def tenant_of(person: Person) -> Tenant:
    """The audience of the database that this person belongs to."""
    audience = AUDIENCES[Role(person.role)]
    return Tenant(audience, f"person {person.id}", person=person.id, municipality=person.municipality)


SignedIn = Annotated[Person, needs(signed_in)]


def signed_in_agent(person: SignedIn, db: Db) -> Agent:
    """The agent that the signed-in person works as. Raises NotAllowed for people who do not answer inquiries."""
    agent = db.exec(AS_AGENT, params={"person": person.id}).first()
    if agent is None:
        raise NotAllowed("only agents answer inquiries")
    return agent


SignedInAgent = Annotated[Agent, needs(signed_in_agent)]


def acting_agent(request: Request, agent: SignedInAgent, db: Db) -> Agent:
    """The same for a request that changes something: what it writes, the hotline writes for the agent."""
    request.state.acted = (db, agent.id)  # for what the agent's page shows after it
    act(db)
    return agent


def acting_lead(request: Request, person: SignedIn, db: Db) -> Person:
    """Whoever may take inquiries out of somebody's hands, for a request that does. Raises NotAllowed for others."""
    may_lead(person)
    request.state.led = (db, person)  # for what the page of what is in hand shows after it
    act(db)
    return person


ActingLead = Annotated[Person, needs(acting_lead)]


def acting_hand(request: Request, person: SignedIn, db: Db) -> Agent | Person:
    """An agent, or whoever may do it in their stead. Raises NotAllowed for others."""
    if person.role in LEADS:
        return acting_lead(request, person, db)
    return acting_agent(request, signed_in_agent(person, db), db)


ActingHand = Annotated[Agent | Person, needs(acting_hand)]
ActingAgent = Annotated[Agent, needs(acting_agent)]


def caller_with(scope: Scope | None) -> Callable[[Request, Session], KeyHolder | Person]:
    """The dependency that lets in whoever is signed in, and keys with this scope; with None, every key.

    It raises NotSignedIn, MissingScope, or TooManyRequests where the key asks more often than it may.
    """

    def caller(request: Request, db: Db) -> KeyHolder | Person:
        token = bearer(request)
        if token is None or token.startswith(sessions.PREFIX):
            return signed_in(request, db)
        holder = key_holder(db, token)
        if holder is None:
            raise NotSignedIn
        request.state.who = f"integrator {holder.integrator_id}"
        if scope is not None:
            holder.must_have(scope)
        return holder

    return caller


Caller = Annotated[KeyHolder | Person, needs(caller_with(Scope.READ))]
CallerOfAnyKind = Annotated[KeyHolder | Person, needs(caller_with(None))]
HandsIn = Annotated[KeyHolder | Person, needs(caller_with(Scope.INTAKE))]
ReadsFigures = Annotated[KeyHolder | Person, needs(caller_with(Scope.STATISTICS))]


def key_holder(session: Session, key: str) -> KeyHolder | None:
    """The integrator of a key that is valid now. Raises TooManyRequests."""
    found = keys.holder(session, key, now())
    if found is None:
        return None
    integrator, row = found
    assert integrator.id is not None
    RATE.take(row.key_hash, now())
    tenant = Tenant(
        "integrator",
        f"integrator {integrator.id}",
        integrator=integrator.id,
        scopes=",".join(row.scopes),
        municipalities=",".join(row.municipalities),
    )
    become(session, tenant)
    return KeyHolder(integrator.id, integrator.name, frozenset(row.scopes), frozenset(row.municipalities))


def may_see_figures(caller: Person | KeyHolder, municipality: str) -> None:
    """Raises NotAllowed unless this person or key may see the figures of this municipality."""
    if isinstance(caller, KeyHolder):
        caller.must_be_for(municipality)
        return
    if caller.role in WHOLE_POOL or (caller.role in OWN_FIGURES and caller.municipality == municipality):
        return
    raise NotAllowed("these figures belong to another municipality")


def may_lead(person: Person) -> None:
    """Raises NotAllowed unless this person may take inquiries out of somebody's hands, of whom guards.may_lead says."""
    if person.role not in LEADS:
        raise NotAllowed("that is the secretariat's and team leads'")


def may_check_lookups(person: Person) -> None:
    """Raises NotAllowed unless this person watches over who looked at which citizen."""
    if person.role != Role.ADMINISTRATOR:
        raise NotAllowed("the journal of look-ups is the administrators'")


def may_see_the_pool(person: Person) -> None:
    """Raises NotAllowed unless this person runs the pool: its queue, all figures, the rules of all collaborations."""
    if person.role not in WHOLE_POOL:
        raise NotAllowed("what concerns the whole pool is the secretariat's")
