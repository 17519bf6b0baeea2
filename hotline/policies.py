"""current_policy(): the policy that the hotline runs on, and named(): any that stands beside it."""

import tomllib
from functools import lru_cache

from hotline.resources import CONFIG
from hotline.routing.policy import Policy
from hotline.settings import settings

FOLDER = CONFIG / "policies"


class NoPolicy(Exception):
    """The policy that is asked for is not there, or cannot be read; says which and why in one line."""


@lru_cache
def current_policy() -> Policy:
    """The policy of HOTLINE_POLICY, from config/policies. Raises NoPolicy where that is none."""
    return named(settings().policy)


def names() -> list[str]:
    """Those that stand in config/policies."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def named(name: str) -> Policy:
    """The policy of this name, read anew. Raises NoPolicy where there is none."""
    known = names()
    if name not in known:
        raise NoPolicy(f"there is no policy `{name}`; it may be {', '.join(known)}")
    try:
        return Policy.from_toml((FOLDER / f"{name}.toml").read_text())
    except KeyError as error:
        raise NoPolicy(f"the policy `{name}` says nothing of {error}") from None
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise NoPolicy(f"the policy `{name}` cannot be read: {error}") from None
