"""What citizens' pages refuse."""

from hotline.errors import HotlineError


class WrongCode(HotlineError, status=401):
    """There is no inquiry with this reference and this code."""


class TooMuchFromHere(HotlineError, status=429):
    """So many inquiries have come from this network that no more are taken in for a while."""
