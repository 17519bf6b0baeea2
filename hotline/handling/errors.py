"""What a transfer may meet."""

from hotline.errors import HotlineError


class AgentDeactivated(HotlineError, status=409):
    """This agent answers no longer."""


class AgentAway(HotlineError, status=409):
    """This agent is not there just now."""


class AgentOnBreak(HotlineError, status=409):
    """This agent is on a break just now."""


class AgentOfOthers(HotlineError, status=409):
    """This agent's municipality does not answer this citizen's."""
