"""What an answer to an offer may meet."""

from hotline.errors import HotlineError


class OfferGone(HotlineError):
    """Someone else answered first, or the offer ran out of time."""

    status = 409
