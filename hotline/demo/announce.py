"""Tells programs (demo.json) and people (the screen) where the demo is and how to sign in."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SHOWN = ("secretariat", "administrator", "team_lead", "viewer", "agent", "agent")


@dataclass(frozen=True)
class Facts:
    """What demo.json holds; its shape is promised to programs outside.

    `database_url` signs in as the application does, whom row-level security binds; `owner_url` as the tables' owner.
    """

    url: str
    integrator_key: str
    database_url: str
    owner_url: str
    redis_url: str
    users: list[dict[str, Any]]
    pids: dict[str, list[int] | int | None]


def write(path: Path, facts: Facts) -> None:
    """Replace the file in one step; its owner alone may read it."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(facts), file, ensure_ascii=False, indent=1)
    new.rename(path)


def welcome(facts: Facts, path: Path) -> str:
    """What a newcomer reads once everything runs: the address and one sign-in of each kind, Danish and English."""
    users = _some_of_each(facts.users)
    rows = [("Rolle · Role", "Bruger · User", "Adgangskode · Password")]
    rows += [(_role(user), user["username"], user["password"]) for user in users]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = "\n".join("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return (
        f"\nHotlinen kører · The hotline runs:  {facts.url}\n\n{table}\n\n"
        f"Alle {len(facts.users)} brugere · all of them: {path}\n"
        "Ctrl-C stopper alt · stops everything\n"
    )


def _some_of_each(users: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left = list(users)
    some = []
    for role in SHOWN:
        if found := next((user for user in left if user["role"] == role), None):
            left.remove(found)
            some.append(found)
    return some


def _role(user: dict[str, Any]) -> str:
    return f"{user['role']} {user['municipality']}" if user["municipality"] else str(user["role"])
