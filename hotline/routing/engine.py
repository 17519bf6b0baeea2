"""Decides who is offered what of one look at the live hotline."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hotline.routing.cover import Cover
from hotline.routing.eligibility import units, why_not
from hotline.routing.matching import Pair, match
from hotline.routing.model import ANY_LANGUAGE, Agent, Decision, Inquiry, Match, Snapshot, Wait
from hotline.routing.moment import Moment
from hotline.routing.policy import Policy
from hotline.routing.written import is_held_back


def decide(snapshot: Snapshot, policy: Policy) -> list[Decision]:
    """One decision for each inquiry of the snapshot: the matches in the order they were made, then what waits, the
    earliest due first.

    Nothing is decided beyond an agent's room, and the same snapshot always gives the same answer.
    """
    look = _Look(snapshot, policy)
    return [*look.matches(), *(Wait(one.id, _nobody(one, look, look.moment)) for one in look.left.values())]


def matches(snapshot: Snapshot, policy: Policy) -> list[Match]:
    """The same without why the others wait, which takes longer to tell than the rest to decide."""
    return list(_Look(snapshot, policy).matches())


class _Look:
    """A snapshot as it empties: who is there with what room, and what is left, the earliest due first."""

    def __init__(self, snapshot: Snapshot, policy: Policy) -> None:
        self.agents = {agent.id: agent for agent in sorted(snapshot.agents, key=lambda one: one.id)}
        self.left = {one.id: one for one in sorted(snapshot.waiting, key=lambda one: (one.deadline, one.id))}
        self.cover = Cover(snapshot.signed_in)
        for agent in self.agents.values():
            if snapshot.signed_in is None:
                self.cover.sign_in(agent)
            if not agent.load:
                self.cover.is_idle(agent)
        self.moment = Moment(snapshot.now, policy, snapshot.learned, self.cover, self.waiting_for, snapshot.agreements)

    def matches(self) -> Iterator[Match]:
        """Each pair as it is made."""
        for pair in match(list(self.agents.values()), list(self.left.values()), self.moment):
            self.take(pair)
            taken = units(pair.agent, pair.inquiry)
            yield Match(pair.inquiry.id, pair.agent.id, taken, pair.inquiry.is_call, _because(pair))

    def waiting_for(self, agent: Agent) -> Iterable[Inquiry]:
        """What of the rest this agent has topic and language for."""
        able = self.cover.abilities(agent)
        return [
            one
            for one in self.left.values()
            if (one.topic, one.language) in able and one.only_agent in (None, agent.id)
        ]

    def take(self, pair: Pair) -> None:
        """The pair is made."""
        agent = self.agents[pair.agent.id]
        if not agent.load:
            self.cover.is_busy(agent)
        self.agents[agent.id] = replace(agent, load=agent.load + units(agent, pair.inquiry))
        del self.left[pair.inquiry.id]


def _because(pair: Pair) -> str:
    agent, inquiry = pair.agent, pair.inquiry
    speaks = "" if inquiry.language == ANY_LANGUAGE else f", speaks {inquiry.language}"
    home = "own municipality" if agent.municipality == inquiry.municipality else f"for {inquiry.municipality}"
    return f"least needed elsewhere of {pair.able} able{speaks}, {home}"


def _nobody(inquiry: Inquiry, look: _Look, moment: Moment) -> str:
    """Why it waits: of those with its topic, how many could not take it for which reason."""
    reasons = Counter(
        why_not(agent, inquiry, moment.now, moment.policy) or _kept_from(agent, inquiry, moment)
        for agent in look.agents.values()
        if inquiry.topic in agent.topics
    )
    if not reasons:
        return f"nobody free for {inquiry.topic}"
    return "nobody free: " + ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))


def _kept_from(agent: Agent, inquiry: Inquiry, moment: Moment) -> str:
    if not inquiry.is_written:
        return "a member first"
    return "kept for a call" if is_held_back(agent, inquiry, moment) else "kept idle"
