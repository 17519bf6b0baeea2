"""Which inquiry for an agent: how much each of those that wait presses. Logarithms, so that weights are powers."""

from math import log

from hotline.routing.model import Agent, Inquiry
from hotline.routing.moment import Moment

USUAL_TARGET = 60.0  # seconds; units of the scale alone
USUAL_HANDLING = 300.0


def pressing(inquiry: Inquiry, moment: Moment) -> float:
    """How much an inquiry presses, whoever takes it; the highest goes first.

    The older beside its target, the shorter its topic, and the fewer at work who can take it, the more. A topic that
    more ask about than usual presses less for each, lest all other citizens wait behind them.
    """
    weights, learned = moment.policy.inquiries, moment.learned
    age = max(0.0, moment.now - inquiry.queued_at)
    target = max(1.0, inquiry.deadline - inquiry.queued_at)  # a redial may have an age beyond its deadline
    handling = learned.handling(inquiry.topic, inquiry.is_call)
    able = max(0.2, moment.cover.at_work(inquiry))
    return (
        weights.age * log(age + weights.age_at_once)
        + weights.long_wait * log(1.0 + (age / weights.long_after) ** 2)
        - weights.target * log(target / USUAL_TARGET)
        - weights.short * log(handling / USUAL_HANDLING)
        - weights.scarce * log(able)
        + weights.surge * log(learned.usual_to_present(inquiry.topic, weights.surge_slack))
        + (0.0 if inquiry.is_call else weights.chat)
    )


def suits(agent: Agent, inquiry: Inquiry, moment: Moment) -> float:
    """How much better this agent suits the inquiry than any other would: who is quick at it, and who is at home."""
    policy = moment.policy
    at_home = agent.municipality == inquiry.municipality
    return (
        policy.inquiries.home if at_home and inquiry.answered_by is not None else 0.0
    ) - policy.inquiries.pace * log(policy.pace[agent.topics[inquiry.topic]])
