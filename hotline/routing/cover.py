"""Who is at work and who of them is idle, counted by what they can take: how scarce an ability is just now."""

from collections import Counter
from collections.abc import Mapping
from copy import copy
from itertools import product

from hotline.routing.model import ANY_LANGUAGE, Ability, Agent, Inquiry


def abilities(agent: Agent) -> frozenset[Ability]:
    """Every topic with every language that this agent can take; what asks for no language counts as one."""
    return frozenset(product(agent.topics, (*agent.languages, ANY_LANGUAGE)))


class Cover:
    """The agents at work by municipality and ability, and the idle ones by ability."""

    def __init__(self, at_work: Mapping[tuple[str, Ability], int] | None = None) -> None:
        self.idle: Counter[Ability] = Counter()
        self.everywhere: Counter[Ability] = Counter()
        self.idle_at: Counter[tuple[str, str]] = Counter()  # by municipality and topic, as the next one
        self.at_work_at: Counter[tuple[str, str]] = Counter()
        self._by_municipality: Counter[tuple[str, Ability]] = Counter(at_work)
        for (_, ability), number in self._by_municipality.items():
            self.everywhere[ability] += number
        self._known: dict[tuple[Ability, frozenset[str]], int] = {}
        self._abilities: dict[int, frozenset[Ability]] = {}

    def with_nobody_idle(self) -> "Cover":
        """The same agents at work, of whom nobody is known to be idle; whoever comes or goes does so in both."""
        other = copy(self)
        other.idle, other.idle_at, other._abilities = Counter(), Counter(), {}
        return other

    def abilities(self, agent: Agent) -> frozenset[Ability]:
        """What this agent can take, worked out once."""
        if agent.id not in self._abilities:
            self._abilities[agent.id] = abilities(agent)
        return self._abilities[agent.id]

    def sign_in(self, agent: Agent) -> None:
        """They are at work from now on."""
        self._count(agent, 1)

    def sign_off(self, agent: Agent) -> None:
        """They are not any more."""
        self._count(agent, -1)
        self._abilities.pop(agent.id, None)  # they may come back with others

    def is_idle(self, agent: Agent) -> None:
        """They have nothing in hand from now on."""
        self._count_idle(agent, 1)

    def is_busy(self, agent: Agent) -> None:
        """They have again, or are not at work any more."""
        self._count_idle(agent, -1)

    def at_work(self, inquiry: Inquiry) -> int:
        """How many are at work who may take this inquiry, now or later."""
        ability = inquiry.topic, inquiry.language
        if inquiry.answered_by is None:
            return self.everywhere[ability]
        asked = ability, inquiry.answered_by
        if asked not in self._known:
            self._known[asked] = sum(self._by_municipality[code, ability] for code in inquiry.answered_by)
        return self._known[asked]

    def serves(self, municipalities: frozenset[str], topic: str, language: str) -> bool:
        """Whether anybody of these municipalities is at work, busy or not, with the topic and the language."""
        ability = topic, language
        return any(self._by_municipality[code, ability] > 0 for code in municipalities)

    def _count(self, agent: Agent, one: int) -> None:
        self._known.clear()
        for topic in agent.topics:
            self.at_work_at[agent.municipality, topic] += one
        for ability in self.abilities(agent):
            self.everywhere[ability] += one
            self._by_municipality[agent.municipality, ability] += one

    def _count_idle(self, agent: Agent, one: int) -> None:
        for topic in agent.topics:
            self.idle_at[agent.municipality, topic] += one
        for ability in self.abilities(agent):
            self.idle[ability] += one
