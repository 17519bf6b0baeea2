"""Small builders: people, keys and inquiries in a real database, and clients that speak the public API."""

import threading
import uuid
from datetime import date, timedelta

from argon2 import PasswordHasher
from sqlmodel import col, delete, select

from hotline.access import keys, sessions
from hotline.access.models import Credential, Integrator
from hotline.agents.models import AgentWork, Presence
from hotline.client import Client
from hotline.clock import now
from hotline.directory.models import Agent, AgentSkill, Collaboration, Membership, Person
from hotline.directory.together import together
from hotline.ids import new_id, reference_of
from hotline.inquiries.facts import Classified, Received
from hotline.inquiries.journal import record
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.queue.opening import open_anew
from tests.building import accounts, transaction

PASSWORD = "a long enough password"
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # checked in no time
HJORRING, SKANDERBORG = "0860", "0746"
PATIENCE = 60  # seconds that a client waits for an answer; a machine busy with other tests is slow


EVERYBODY = "Everybody"


def a_pool(*codes, **rules):
    """A collaboration of these municipalities, open at every hour unless said otherwise; its id.

    It stands instead of the one in which agents and inquiries are that nobody made a collaboration for.
    """
    with accounts() as session:
        of_everybody = select(Collaboration.id).where(Collaboration.name == EVERYBODY)
        session.exec(delete(Membership).where(col(Membership.collaboration_id).in_(of_everybody)))
        session.exec(delete(Collaboration).where(col(Collaboration.name) == EVERYBODY))
        pool = Collaboration(name="Pool " + uuid.uuid4().hex[:6], **({"always_open": True} | rules))
        session.add(pool)
        session.flush()
        for code in codes or (HJORRING, SKANDERBORG):
            session.add(Membership(collaboration_id=pool.id, municipality=code, joined=date(2020, 1, 1)))
        return pool.id


def everybody_together(session):
    """Where no collaboration was made, one of two municipalities."""
    if session.exec(select(Collaboration)).first() is None:
        pool = Collaboration(name=EVERYBODY, always_open=True)
        session.add(pool)
        session.flush()
        for code in (HJORRING, SKANDERBORG):
            session.add(Membership(collaboration_id=pool.id, municipality=code, joined=date(2020, 1, 1)))
        session.flush()


def a_person(role, municipality=None, username=None):
    """Somebody who may sign in with PASSWORD; their user name."""
    username = username or f"{role}-{uuid.uuid4().hex[:8]}"
    with accounts() as session:
        person = Person(username=username, name=username.title(), role=role, municipality=municipality)
        session.add(person)
        session.flush()
        session.add(Credential(person_id=person.id, password_hash=HASHED))
    return username


def a_sign_in(person, moment=None):
    """A token of this moment for this person, by user name or id."""
    with accounts() as session:
        known = Person.username if isinstance(person, str) else Person.id
        person_id = session.exec(select(Person.id).where(known == person)).one()
        return sessions.begin(session, person_id, moment or now())


def an_agent(
    topics=("passport",),
    languages=("da",),
    municipality=SKANDERBORG,
    capacity=3,
    presence=Presence.OFFLINE,
    connected=False,
    idle_for=0,
    username=None,
):
    """An agent with these skills; id and user name."""
    username = a_person("agent", municipality, username)
    with accounts() as session:
        everybody_together(session)
        person = session.exec(select(Person).where(Person.username == username)).one()
        session.add(
            Agent(
                id=person.id,
                municipality=municipality,
                languages=list(languages),
            )
        )
        session.flush()
        session.add(
            AgentWork(
                agent_id=person.id,
                capacity=capacity,
                presence=presence,
                connected=connected,
                idle_since=now() - timedelta(seconds=idle_for),
            )
        )
        session.flush()
        for topic in topics:
            session.add(AgentSkill(agent_id=person.id, topic=topic, level=2))
        return person.id, username


def a_ready_agent(**facts):
    """An agent who could be offered something now; the id."""
    return an_agent(**({"presence": Presence.AVAILABLE, "connected": True} | facts))[0]


def a_key(name=None, **granted):
    """A valid key of a new integrator, for everything unless granted otherwise."""
    with accounts() as session:
        return keys.add(session, name or f"PBX {uuid.uuid4().hex[:8]}", keys.Grant(**granted), now())


def a_waiting_inquiry(
    topic="passport", channel="web", speaks="da", municipality=HJORRING, age=0.0, target=60.0, journalled=False, **more
):
    """An inquiry that waits since `age` seconds; its id. Where it is `journalled` it has the lines that intake and
    classification write, in the transaction that makes it: nobody ever finds it without."""
    received = now() - timedelta(seconds=age)
    with accounts() as session:
        everybody_together(session)
        integrator = session.exec(select(Integrator)).first()
        if integrator is None:
            integrator = Integrator(name="PBX")
            session.add(integrator)
            session.flush()
    with transaction() as session:
        inquiry_id = new_id(now())
        usual = {
            "id": inquiry_id,
            "reference": reference_of(inquiry_id),
            "integrator_id": integrator.id,
            "channel": channel,
            "municipality": municipality,
            "text": "Hej, mit pas udløber",
            "state": State.WAITING,
            "topic": topic,
            "language": speaks if speaks != "*" else None,
            "speaks": speaks,
            "priority": 2,
            "priority_given": False,
            "received_at": received,
            "queued_at": received,
            "deadline": received + timedelta(seconds=target),
        }
        inquiry = Inquiry(**(usual | more))
        if inquiry.topic:
            open_anew(inquiry, together(session, now()), now())
        session.add(inquiry)
        if journalled:
            session.flush()
            came = inquiry.received_at.isoformat()
            record(session, inquiry, Received(came), inquiry.received_at)
            record(session, inquiry, Classified(came, "da", inquiry.priority, urgent=False), inquiry.received_at)
        return inquiry_id


class Api(Client):
    """The client, whose answers are looked at whatever their status: `get`, `post` … ask once."""

    def __init__(self, url, token=None):
        super().__init__(url, token)
        self.http.timeout = PATIENCE

    def __getattr__(self, verb):
        return getattr(self.http, verb)


def signed_in(url, username, password=PASSWORD):
    """A client that has signed in over HTTP."""
    answer = Api(url).post("/sessions", json={"username": username, "password": password})
    assert answer.status_code == 201, answer.text
    return Api(url, answer.json()["token"])


class Events:
    """An agent's event stream, read in a thread: every event as (name, data), in order."""

    def __init__(self, api):
        self.seen, self._changed = [], threading.Condition()
        self._stream = api.events()
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for("presence")  # the first that a stream tells

    def _read(self):
        for event in self._stream:
            with self._changed:
                self.seen.append(event)
                self._changed.notify_all()

    def wait_for(self, name, such_that=lambda data: True, seconds=60.0):
        """The data of the first event of this name that fits, seen already or to come."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._found(name, such_that) is not None, seconds), self.seen
            return self._found(name, such_that)

    def _found(self, name, such_that):
        return next((data for seen, data in self.seen if seen == name and such_that(data)), None)

    def close(self):
        """Go away, as a console does whose window is closed."""
        self._stream.close()
