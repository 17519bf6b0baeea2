"""Written work beside calls: when it is held back, when it is as pressing as they are, when it may be begun."""

from hotline.routing.absence import can_be_spared
from hotline.routing.model import Agent, Inquiry
from hotline.routing.moment import Moment
from hotline.routing.policy import Policy


def is_held_back(agent: Agent, inquiry: Inquiry, moment: Moment) -> bool:
    """Whether this agent is kept for a call that waits, is due earlier, and that they could take once idle.

    A call that is open to them only later counts as well; what is due earlier than every such call is given out.
    """
    return inquiry.deadline > first_call_due(agent, moment)


def first_call_due(agent: Agent, moment: Moment) -> float:
    """When the first of the calls that this agent could take once idle is due; infinity where none waits."""
    return min(
        (
            one.deadline
            for one in moment.waiting_for(agent)
            if one.is_call and (one.answered_by is None or agent.municipality in one.answered_by)
        ),
        default=float("inf"),
    )


def is_late(inquiry: Inquiry, now: float) -> bool:
    """Whether a piece of written work is due: it then waits in one row with calls and chats, lest it wait for ever."""
    return now >= inquiry.deadline


def may_begin(agent: Agent, inquiry: Inquiry, moment: Moment) -> bool:
    """Whether it may take this agent now: who has other work in hand always, an idle one who can be spared at once, any
    idle one after its share of the target, and anybody while no call or chat has been heard of for which to be kept."""
    if agent.load or not moment.learned.has_heard_of_any or moment.now >= begins_at(inquiry, moment.policy):
        return True
    return can_be_spared(agent, inquiry, moment, {})


def begins_at(inquiry: Inquiry, policy: Policy) -> float:
    """From when it may take anybody who has nothing in hand."""
    return inquiry.queued_at + policy.written.idle_agents_after * (inquiry.deadline - inquiry.queued_at)
