"""What a call-back may meet."""

from hotline.errors import HotlineError


class NumberNotCalled(HotlineError, status=422):
    """This is no number at which a citizen is called back."""


class CallbackPromised(HotlineError, status=409):
    """This number is to be called back already."""
