"""current(): the policy that the desk runs on."""

from functools import lru_cache

from hotline.routing.policy import Policy
from hotline.settings import CONFIG, settings


@lru_cache
def current() -> Policy:
    """The policy of HOTLINE_POLICY, from config/policies. Raises FileNotFoundError for a name without a file."""
    return Policy.from_toml((CONFIG / "policies" / f"{settings().policy}.toml").read_text())
