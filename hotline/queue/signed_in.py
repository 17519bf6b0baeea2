"""Who is at work, busy or not, counted by what they can take: kept by the router's process as people come and go."""

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, text
from sqlmodel import Session

from hotline.routing.cover import Cover
from hotline.routing.model import Agent

ANEW = 60.0  # seconds after which all are counted anew: skills and languages may have changed
LATE = 100  # changes that may have been written down before the last one that was seen, and be seen after it

NEWEST = text("SELECT coalesce(max(id), 0) FROM presence_change")
CHANGED = "(SELECT agent_id FROM presence_change WHERE id > :seen)"
PEOPLE = """
    SELECT w.agent_id AS id, a.municipality, a.languages,
           w.connected AND w.presence = 'available' AS is_at_work,
           (SELECT jsonb_object_agg(s.topic, s.level) FROM agent_skill s WHERE s.agent_id = w.agent_id) AS topics
    FROM agent_work w JOIN agent a ON a.id = w.agent_id
    WHERE {which}
"""
EVERYBODY = text(PEOPLE.format(which="w.connected AND w.presence = 'available'"))
SOME = text(PEOPLE.format(which=f"w.agent_id = ANY(ARRAY{CHANGED})"))


class SignedIn:
    """Those at work as this process has last seen them."""

    def __init__(self) -> None:
        self.cover = Cover()
        self._agents: dict[int, Person] = {}
        self._seen, self._anew_at = 0, 0.0

    def look(self, session: Session, agents: Iterable[Agent]) -> Cover:
        """Who is at work by now, these agents among them; of nobody is told whether they are idle.

        It takes as long as many have come or gone.
        """
        newest = session.execute(NEWEST).scalar_one()
        if time.monotonic() >= self._anew_at:
            self.cover, self._agents = Cover(), {}
            self._anew_at = time.monotonic() + ANEW
            self._see(session.execute(EVERYBODY).all())
        elif newest != self._seen:
            self._see(session.execute(SOME, {"seen": self._seen - LATE}).all())
        self._seen = newest
        for agent in agents:
            self._come(agent.id, Person(agent.municipality, agent.languages, agent.topics))
        return self.cover

    def _see(self, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            person = Person(row.municipality, frozenset(row.languages), row.topics or {})
            self._come(row.id, person if row.is_at_work else None)

    def _come(self, agent: int, person: "Person | None") -> None:
        """This agent is at work as this person, or is not."""
        before = self._agents.get(agent)
        if before == person:
            return
        if before is not None:
            self.cover.sign_off(before.as_agent(agent))
            del self._agents[agent]
        if person is not None:
            self.cover.sign_in(person.as_agent(agent))
            self._agents[agent] = person


class Person(NamedTuple):
    """What is counted of an agent."""

    municipality: str
    languages: frozenset[str]
    topics: Mapping[str, int]

    def as_agent(self, agent: int) -> Agent:
        """The same as the core knows agents."""
        return Agent(agent, self.municipality, self.topics, self.languages, capacity=1, load=0, idle_since=0.0)


def signed_in(session: Session, agents: Iterable[Agent]) -> Cover:
    """Who is at work by now, `agents` among them, as this process knows the database of this session."""
    return known_of(session.get_bind().engine).look(session, agents)


@lru_cache(maxsize=1)
def known_of(_: Engine) -> SignedIn:
    """Who this process knows to be at work in the database of this engine."""
    return SignedIn()
