"""What the sample region refuses."""

from hotline.errors import HotlineError


class NotEmpty(HotlineError, status=409):
    """There are people here already; the sample region is only for an empty hotline."""
