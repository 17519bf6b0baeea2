"""Citizens whose municipality takes no part: like any other, after all members, or not at all, as the policy says."""

from hotline.routing.model import Inquiry
from hotline.routing.policy import Policy


def is_taken_in(is_outside: bool, policy: Policy) -> bool:
    """Whether it is taken in at all."""
    return not (is_outside and policy.outside == "refuse")


def comes_last(inquiry: Inquiry, policy: Policy) -> bool:
    """Whether it is given to an agent only while nothing of a member waits that they could be given instead."""
    return inquiry.is_outside and policy.outside == "last"
