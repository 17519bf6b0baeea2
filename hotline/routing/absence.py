"""Whom for an inquiry: what it costs all others that this agent is away for as long as it takes."""

from collections.abc import Hashable, Sequence
from math import log

from hotline.routing.model import Ability, Agent, Inquiry
from hotline.routing.moment import Moment
from hotline.routing.why import Rank
from hotline.routing.worth import coming, missed, worth_by_rings


def whom(inquiry: Inquiry, able: Sequence[Agent], moment: Moment) -> tuple[Agent, Sequence[Rank]]:
    """Of those able the one whose time is worth least elsewhere, and how all of them rank; one alone is not ranked.

    Who has had the inquiry before is asked last. What is no call goes to an idle agent who can be spared, else to who
    has most in hand: that keeps another whole for the next call. Ties are broken by who has been idle longest, then by
    the id.
    """
    if len(able) == 1:
        return able[0], ()
    worth: dict[Hashable, float] = {}

    def rank(agent: Agent) -> Rank:
        costs = round(cost(agent, inquiry, moment, worth), 6)
        spared = inquiry.is_call or (not agent.load and can_be_spared(agent, inquiry, moment, worth))
        return (agent.id in inquiry.had_it, not spared, -agent.load, costs, agent.idle_since, agent.id)

    ranks = [rank(agent) for agent in able]
    return able[ranks.index(min(ranks))], ranks


def cost(agent: Agent, inquiry: Inquiry, moment: Moment, worth: dict[Hashable, float]) -> float:
    """What giving this inquiry to this agent costs, as a logarithm.

    `worth` keeps what one more at work for an ability is worth an hour, for all the agents that are compared.
    """
    policy, weights = moment.policy, moment.policy.agents
    pace = policy.pace[agent.topics[inquiry.topic]]
    away = absence(agent, moment.learned.handling(inquiry.topic, inquiry.is_call) * pace, moment, worth)
    at_home = inquiry.answered_by is not None and agent.municipality == inquiry.municipality
    idle = max(0.0, moment.now - agent.idle_since)
    return (
        log(away)
        + weights.pace * log(pace)
        - (weights.home if at_home else 0.0)
        - (weights.owes * moment.learned.owes(agent.municipality) if weights.owes else 0.0)
        - weights.idle * log(1.0 + idle / 60)
    )


def can_be_spared(agent: Agent, inquiry: Inquiry, moment: Moment, worth: dict[Hashable, float]) -> bool:
    """Whether others hardly miss this agent while they are at what is no call."""
    seconds = moment.learned.handling(inquiry.topic, inquiry.is_call)
    return absence(agent, seconds, moment, worth) <= moment.policy.agents.spared


def absence(agent: Agent, seconds: float, moment: Moment, worth: dict[Hashable, float]) -> float:
    """What others lose while this agent is away for so long, or until their shift ends; above 0."""
    weights, pace = moment.policy.agents, moment.policy.pace
    lost = weights.anybody
    if moment.agreements is None:
        for ability in moment.cover.abilities(agent):
            if ability not in worth:
                worth[ability] = _worth(ability, moment)
            if worth[ability]:
                lost += worth[ability] * pace[agent.topics[ability[0]]] ** -weights.pace_elsewhere
    else:
        for topic, level in agent.topics.items():
            lost += worth_by_rings(agent.municipality, topic, moment, worth) * pace[level] ** -weights.pace_elsewhere
    left = seconds if agent.until is None else min(seconds, max(10.0, agent.until - moment.now))
    return lost * left


def _worth(ability: Ability, moment: Moment) -> float:
    """The more come for an ability, and the fewer others are idle or at work for it, the more an agent is missed."""
    topic, language = ability
    cover = moment.cover
    return (
        coming(topic, moment)
        * moment.learned.share(language)
        * missed(cover.idle[ability], cover.everywhere[ability], moment)
    )
