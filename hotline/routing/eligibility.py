"""why_not(): the one place that says who may be offered what."""

from hotline.routing.model import ANY_LANGUAGE, Agent, Inquiry


def why_not(agent: Agent, inquiry: Inquiry) -> str | None:
    """Why this agent cannot take this inquiry, in a word; None where they can.

    Who passed an inquiry on to one agent by name has thought of their languages, and of whether they had it before.
    """
    by_name = inquiry.only_agent == agent.id
    if inquiry.answered_by is not None and agent.municipality not in inquiry.answered_by:
        return "collaboration"
    if inquiry.open_to is not None and agent.municipality not in inquiry.open_to:
        return "home_first"
    if inquiry.only_agent is not None and not by_name:
        return "meant_for_another"
    if inquiry.topic not in agent.topics:
        return "skill"
    if inquiry.language != ANY_LANGUAGE and inquiry.language not in agent.languages and not by_name:
        return "language"
    if agent.load + units(agent, inquiry) > agent.capacity:
        return "capacity"
    if agent.id in inquiry.said_no and not by_name:
        return "said_no"
    return None


def units(agent: Agent, inquiry: Inquiry) -> int:
    """How much of this agent the inquiry takes: a call takes all of them, anything else one unit."""
    return agent.capacity if inquiry.is_call else 1
