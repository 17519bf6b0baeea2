"""What a call-back may meet."""

from hotline.errors import HotlineError


class NumberNotCalled(HotlineError):
    """This is no number at which a citizen is called back."""

    status = 422


class CallbackPromised(HotlineError):
    """This number is to be called back already."""

    status = 409
