"""What plugging in refuses."""

from hotline.errors import HotlineError


class NotDialled(HotlineError, status=422):
    """That is no number that anybody dials."""


class UnknownAgent(HotlineError, status=422):
    """There is no agent of this user name."""
