"""Says in the reader's language on whose behalf something was done, as the transaction noted it (`Tenant.user`)."""

from collections.abc import Callable

BEGINNINGS = {"command by ": "command", "person ": "person", "integrator ": "integrator"}
PARTS = {"owner of the database": "owner", "retention": "retention"}


def by_whom(noted: str, t: Callable[..., str]) -> str:
    """A command on the server, a person or integrator by number, or the hotline itself; `t` gives the words."""
    for beginning, kind in BEGINNINGS.items():
        if noted.startswith(beginning):
            return t(f"page.by_whom.{kind}", name=noted.removeprefix(beginning))
    return t(f"page.by_whom.{PARTS.get(noted, 'hotline')}")
