"""Decides who is offered what of one look at the live hotline."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from hotline.routing.cover import Cover
from hotline.routing.eligibility import units, why_not
from hotline.routing.matching import Pair, match
from hotline.routing.model import CROWDED, Agent, Decision, Inquiry, Match, Snapshot, Wait
from hotline.routing.moment import Moment
from hotline.routing.policy import Policy
from hotline.routing.why import Why, beside
from hotline.routing.written import is_held_back


def decide(snapshot: Snapshot, policy: Policy) -> list[Decision]:
    """One decision for each inquiry of the snapshot: the matches in the order they were made, then what waits, the
    earliest due first.

    Nothing is decided beyond an agent's room, and the same snapshot always gives the same answer.
    """
    look = _Look(snapshot, policy)
    return [*look.matches(), *(Wait(one.id, _not_able(one, look)) for one in look.left.values())]


def matches(snapshot: Snapshot, policy: Policy) -> list[Match]:
    """The same without why the others wait, which takes longer to tell than the rest to decide."""
    return list(_Look(snapshot, policy).matches())


class _Look:
    """A snapshot as it empties: who is there with what room, and what is left, the earliest due first."""

    def __init__(self, snapshot: Snapshot, policy: Policy) -> None:
        self.agents = {agent.id: agent for agent in sorted(snapshot.agents, key=lambda one: one.id)}
        self.left = {one.id: one for one in sorted(snapshot.waiting, key=lambda one: (one.deadline, one.id))}
        self.cover = Cover() if snapshot.signed_in is None else snapshot.signed_in.with_nobody_idle()
        for agent in self.agents.values():
            if snapshot.signed_in is None:
                self.cover.sign_in(agent)
            if not agent.load:
                self.cover.is_idle(agent)
        front = Counter((one.topic, one.language) for one in self.left.values() if one.is_call)
        self.calls = front | Counter(snapshot.calls_waiting)  # of each the greater number
        self.moment = Moment(
            snapshot.now,
            policy,
            snapshot.learned,
            self.cover,
            self.waiting_for,
            lambda ability: min(CROWDED, self.calls[ability]),
            snapshot.agreements,
        )

    def matches(self) -> Iterator[Match]:
        """Each pair as it is made."""
        for pair in match(list(self.agents.values()), list(self.left.values()), self.moment):
            why = _why(pair, self)  # as they all are before it
            self.take(pair)
            yield Match(pair.inquiry.id, pair.agent.id, units(pair.agent, pair.inquiry), pair.inquiry.is_call, why)

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
        self.calls[pair.inquiry.topic, pair.inquiry.language] -= pair.inquiry.is_call


def _why(pair: Pair, look: _Look) -> Why:
    agent, inquiry = pair.agent, pair.inquiry
    return Why(
        able=pair.able,
        at_work=look.cover.at_work(inquiry),
        language=inquiry.language,
        at_home=agent.municipality == inquiry.municipality,
        by_name=inquiry.only_agent is not None,
        beside=beside(pair.ranks),
        not_able=_not_able(inquiry, look, {one[-1] for one in pair.ranks} or {agent.id}),
    )


def _not_able(inquiry: Inquiry, look: _Look, able: Collection[int] = ()) -> dict[str, int]:
    """Of those with its topic beside those `able`, how many could not take it for which reason."""
    moment = look.moment
    reasons = (
        why_not(agent, inquiry) or _kept_from(agent, inquiry, moment)
        for agent in look.agents.values()
        if inquiry.topic in agent.topics and agent.id not in able
    )
    return dict(Counter(reasons))  # asdict() turns a Counter of words into one of pairs


def _kept_from(agent: Agent, inquiry: Inquiry, moment: Moment) -> str:
    if not inquiry.is_written:
        return "members_first"
    return "kept_for_a_call" if is_held_back(agent, inquiry, moment) else "kept_idle"
