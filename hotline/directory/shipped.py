"""What every hotline begins with: the country's municipalities and the topics that ship with it."""

import csv
import tomllib
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from hotline.directory.models import Municipality, Topic
from hotline.locks import SEEDING
from hotline.resources import CONFIG


def seed_facts(session: Session) -> None:
    """Every municipality and every shipped topic that is not there yet; what was changed since stays changed."""
    session.connection().execute(sa.select(sa.func.pg_advisory_xact_lock(SEEDING)))
    for row in [*municipalities(), *topics()]:
        session.connection().execute(insert(type(row)).values(row.model_dump()).on_conflict_do_nothing())


def municipalities(path: Path = CONFIG / "seeds" / "municipalities.csv") -> list[Municipality]:
    """Every municipality of the country, by code."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Municipality(**row) for row in csv.DictReader(file)]


def topics(path: Path = CONFIG / "topics.toml") -> list[Topic]:
    """The topics that ship with the hotline, in the order of the file."""
    return [
        Topic(**{name: row[name] for name in ("slug", "name", "name_en", "kle") if name in row})
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["topic"]
    ]
