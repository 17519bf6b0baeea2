"""What a transfer, an assignment, a reopening or a message may meet."""

from hotline.errors import HotlineError


class AgentDeactivated(HotlineError, status=409):
    """This agent answers no longer."""


class AgentAway(HotlineError, status=409):
    """This agent is not there just now."""


class AgentOnBreak(HotlineError, status=409):
    """This agent is on a break just now."""


class AgentOfOthers(HotlineError, status=409):
    """This agent's municipality does not answer this citizen's."""


class AgentWithoutTopic(HotlineError, status=409):
    """This agent does not have the topic."""


class AgentFull(HotlineError, status=409):
    """This agent has no room for it just now."""


class AgentHasIt(HotlineError, status=409):
    """This agent has it already, or is being asked."""


class NoRoom(HotlineError, status=409):
    """You have too much in hand to take this one as well."""


class NotWritten(HotlineError, status=409):
    """What is said on the telephone has no messages."""


class AnsweredElsewhere(HotlineError, status=409):
    """What comes by this channel is answered where it came from."""
