"""Reads the sample region of config/seeds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from hotline.resources import CONFIG


@dataclass(frozen=True)
class Hours:
    """Open on these weekdays (0 is Monday) from `opens` until `closes`, on a Danish wall clock."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True)
class Staff:
    """A place for somebody who is no agent; `municipality` is empty for those who serve all."""

    role: str
    municipality: str | None


@dataclass(frozen=True)
class Names:
    """First and last names of one origin."""

    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """The sample region. `closed` are days of every year (`12-24`), `sizes` thousands of inhabitants by code, `duties`
    what an agent may have learned."""

    name: str
    joined: date
    agents: int
    hours: tuple[Hours, ...]
    closed: tuple[str, ...]
    sizes: Mapping[str, float]
    duties: tuple[frozenset[str], ...]
    levels: Mapping[int, int]
    covered_languages: tuple[str, ...]
    language_shares: Mapping[str, float]
    staff: tuple[Staff, ...]
    danish_names: Names
    other_names: Mapping[str, Names]


def region(folder: Path = CONFIG / "seeds") -> Region:
    """The sample region and the names of its people."""
    said, names = _toml(folder / "region.toml"), _toml(folder / "names.toml")
    skills, languages = said["skills"], said["languages"]
    return Region(
        name=said["name"],
        joined=said["joined"],
        agents=said["agents"],
        hours=tuple(Hours(tuple(row["weekdays"]), row["opens"], row["closes"]) for row in said["hours"]),
        closed=tuple(said["closed"]),
        sizes={row["code"]: row["size"] for row in said["member"]},
        duties=tuple(_duty(skills["everyone"], [skills["groups"][name] for name in duty]) for duty in skills["duties"]),
        levels={int(level): weight for level, weight in skills["levels"].items()},
        covered_languages=tuple(languages["covered"]),
        language_shares=languages["shares"],
        staff=tuple(Staff(row["role"], row.get("municipality")) for row in said["staff"]),
        danish_names=_names(names.pop("danish")),
        other_names={language: _names(row) for language, row in names.items()},
    )


def _duty(everyone: list[str], groups: list[list[str]]) -> frozenset[str]:
    return frozenset(everyone).union(*groups)


def _names(row: dict[str, list[str]]) -> Names:
    return Names(tuple(row["first"]), tuple(row["last"]))


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
