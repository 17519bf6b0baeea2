"""What a transfer may meet."""

from hotline.errors import HotlineError


class AgentDeactivated(HotlineError):
    """This agent answers no longer."""

    status = 409


class AgentAway(HotlineError):
    """This agent is not there just now."""

    status = 409


class AgentOnBreak(HotlineError):
    """This agent is on a break just now."""

    status = 409


class AgentOfOthers(HotlineError):
    """This agent's municipality does not answer this citizen's."""

    status = 409
