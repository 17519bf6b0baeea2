"""Which inquiry for an agent: how much each of those that wait presses. Logarithms, so that weights are powers."""

from collections.abc import Iterable
from math import log

from hotline.routing.model import Ability, Agent, Inquiry
from hotline.routing.moment import Moment

USUAL_TARGET = 60.0  # seconds; units of the scale alone
USUAL_HANDLING = 300.0


def pressing(inquiry: Inquiry, moment: Moment, crowd: float = 0.0) -> float:
    """How much an inquiry presses, whoever takes it; the highest goes first.

    The older beside its target, the shorter its topic, the more wait like it, and the fewer at work who can take it,
    the more. Each of a `crowd` that waits makes long topics press less. A topic that more ask about than usual presses
    less for each, lest all other citizens wait behind them.
    """
    weights, learned = moment.policy.inquiries, moment.learned
    age = max(0.0, moment.now - inquiry.queued_at)
    target = max(1.0, inquiry.deadline - inquiry.queued_at)  # a redial may have an age beyond its deadline
    handling = learned.handling(inquiry.topic, inquiry.is_call) / USUAL_HANDLING
    able = max(0.2, moment.cover.at_work(inquiry))
    return (
        weights.age * log(age + weights.age_at_once)
        + weights.long_wait * log(1.0 + (age / weights.long_after) ** 2)
        - weights.target * log(target / USUAL_TARGET)
        - weights.short * log(handling)
        - weights.crowd * handling * crowd
        - weights.scarce * log(able)
        + weights.many * log(1.0 + _alike((inquiry.topic, inquiry.language), moment))
        + weights.surge * log(learned.usual_to_present(inquiry.topic, weights.surge_slack))
        + (0.0 if inquiry.is_call else weights.chat)
    )


def crowd_of(abilities: Iterable[Ability], moment: Moment) -> float:
    """How many calls wait with these abilities for each who is at work with them, one ability after the other."""
    return sum(_alike(one, moment) / max(1, moment.cover.everywhere[one]) for one in abilities)


def _alike(ability: Ability, moment: Moment) -> float:
    """How many calls wait for an ability; of a topic that more ask about than usual only the usual part of them.

    None where home comes first: those of others are not all to be had.
    """
    if moment.agreements is not None:
        return 0.0
    usual = moment.learned.usual_to_present(ability[0], moment.policy.inquiries.surge_slack)
    return usual * moment.calls_waiting(ability)


def suits(agent: Agent, inquiry: Inquiry, moment: Moment) -> float:
    """How much better this agent suits the inquiry than any other would: who is quick at it, and who is at home."""
    policy = moment.policy
    at_home = agent.municipality == inquiry.municipality
    return (
        policy.inquiries.home if at_home and inquiry.answered_by is not None else 0.0
    ) - policy.inquiries.pace * log(policy.pace[agent.topics[inquiry.topic]])
