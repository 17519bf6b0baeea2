"""What an agent's word about themselves may meet."""

from hotline.errors import HotlineError


class PhoneNotRung(HotlineError, status=422):
    """That is no telephone at which an agent is rung."""


class PhoneInUse(HotlineError, status=409):
    """Another agent who is at work is rung at this telephone."""
