"""current_policy(): the policy that the hotline runs on, and named(): any that stands beside it."""

import tomllib
from functools import lru_cache
from typing import Any

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
        return Policy.of(_whole(name, known))
    except KeyError as error:
        raise NoPolicy(f"the policy `{name}` says nothing of {error}") from None
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise NoPolicy(f"the policy `{name}` cannot be read: {error}") from None


def _whole(name: str, known: list[str]) -> dict[str, Any]:
    """What a file says; where it is `like` another, that one with what it says instead.

    Raises ValueError where that other is none, is like yet another, or says nothing of what is said instead.
    """
    said = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    if "like" not in said:
        return said
    other = said.pop("like")
    base = tomllib.loads((FOLDER / f"{other}.toml").read_text()) if other in known else {"like": other}
    if "like" in base:
        raise ValueError(f"it is like {other!r}, which is no policy that stands by itself")
    return _instead(base, said)


def _instead(base: dict[str, Any], said: dict[str, Any], within: str = "") -> dict[str, Any]:
    for word, value in said.items():
        if word not in base or isinstance(base[word], dict) != isinstance(value, dict):
            raise ValueError(f"{within}{word} is no setting")
    return base | {
        word: _instead(base[word], value, f"{word}.") if isinstance(value, dict) else value
        for word, value in said.items()
    }
