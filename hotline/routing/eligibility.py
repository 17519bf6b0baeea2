"""why_not(): the one place that says who may be offered what."""

from hotline.routing.model import ANY_LANGUAGE, CALL, Agent, Inquiry


def why_not(agent: Agent, inquiry: Inquiry) -> str | None:
    """Why this agent cannot take this inquiry now, in a word; None where they can."""
    if inquiry.only_agent is not None and inquiry.only_agent != agent.id:
        return "meant for another"
    if inquiry.topic not in agent.topics:
        return "skill"
    if inquiry.language != ANY_LANGUAGE and inquiry.language not in agent.languages:
        return "language"
    if agent.load + units(agent, inquiry) > agent.capacity:
        return "capacity"
    if agent.id in inquiry.not_to:
        return "refused or missed it"
    return None


def units(agent: Agent, inquiry: Inquiry) -> int:
    """How much of this agent the inquiry takes: a call takes all of them, anything else one unit."""
    return agent.capacity if inquiry.channel == CALL else 1
