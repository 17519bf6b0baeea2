"""What an inquiry does not let happen."""

from hotline.errors import HotlineError


class WrongState(HotlineError, status=409):
    """The inquiry is no longer where that can be done."""
