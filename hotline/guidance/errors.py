"""What editors of guidance may meet."""

from hotline.errors import HotlineError


class GuidanceChanged(HotlineError, status=409):
    """Somebody else has changed this guidance meanwhile."""


class BadGuidance(HotlineError, status=422):
    """The guidance cannot be kept like that."""
