"""What an answer to an offer may meet."""

from hotline.errors import HotlineError


class OfferGone(HotlineError, status=409):
    """Someone else answered first, or the offer ran out of time."""
