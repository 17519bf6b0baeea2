"""Reading the directory: one statement for pages and for the intake path, and a short memory of it."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from hotline.clock import now
from hotline.directory.hours import Opening
from hotline.directory.models import Collaboration, KeptTopic, Membership, Municipality, OpeningHours, SpecialDay, Topic
from hotline.directory.snapshot import Directory
from hotline.directory.special_days import by_day


def _rows_of(model: type[SQLModel]) -> str:
    """SQL for all rows of a table as JSON, by the model's own names."""
    columns = ", ".join(f"'{one.key}', {one.columns[0].name}" for one in sa.inspect(model).column_attrs)
    table = sa.inspect(model).local_table
    ordered = ", ".join(column.name for column in table.primary_key)
    return f"'{table.name}', (SELECT json_agg(json_build_object({columns}) ORDER BY {ordered}) FROM {table.name})"


# One statement without parameters: the same text for both drivers, and every part of the answer from one moment.
READ: tuple[type[SQLModel], ...] = (
    Municipality, Topic, Collaboration, OpeningHours, SpecialDay, Membership, KeptTopic,
)  # fmt: skip
SNAPSHOT = f"SELECT json_build_object({', '.join(map(_rows_of, READ))})::text"


def load(session: Session) -> Directory:
    """The directory as this transaction sees it."""
    return _read(session.connection().execute(sa.text(SNAPSHOT)).scalar_one())


async def load_async(pool: asyncpg.Pool) -> Directory:
    """The directory as it is committed now, for the async paths."""
    return _read(await pool.fetchval(SNAPSHOT))


@dataclass
class Cache:
    """The directory for what is asked often: up to `ttl` old, so that a topic opened now works within seconds."""

    clock: Callable[[], datetime] = now
    ttl: timedelta = timedelta(seconds=2)
    _held: tuple[datetime, Directory] | None = None
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _loading_in_thread: threading.Lock = field(default_factory=threading.Lock)

    async def get_async(self, pool: asyncpg.Pool) -> Directory:
        """The directory, read anew where what is held has grown too old; of many who find it so, one reads and the
        others wait."""
        if fresh := self._fresh():
            return fresh
        async with self._loading:
            return self._fresh() or self._hold(self.clock(), await load_async(pool))

    def get(self, session: Session) -> Directory:
        """The same for a thread, which reads it by its own session where it must be read anew."""
        if fresh := self._fresh():
            return fresh
        with self._loading_in_thread:
            return self._fresh() or self._hold(self.clock(), load(session))

    def _fresh(self) -> Directory | None:
        if self._held is None:
            return None
        since, directory = self._held
        # A clock that was set back would otherwise keep the directory for as long as it was set back.
        return directory if timedelta(0) <= self.clock() - since < self.ttl else None

    def _hold(self, asked_at: datetime, directory: Directory) -> Directory:
        self._held = (asked_at, directory)
        return directory


def _read(snapshot: str) -> Directory:
    rows = _rows(snapshot)
    hours: dict[int, tuple[Opening, ...]] = {}
    for one in rows[OpeningHours]:
        opening = Opening(one.weekday, one.opens, one.closes)
        hours[one.collaboration_id] = (*hours.get(one.collaboration_id, ()), opening)
    special_days = {
        number: by_day(of_it) for number, of_it in groupby(rows[SpecialDay], key=lambda one: one.collaboration_id)
    }
    return Directory(
        municipalities=MappingProxyType({one.code: one for one in rows[Municipality]}),
        topics=MappingProxyType({one.slug: one for one in rows[Topic]}),
        collaborations=MappingProxyType({one.id: one for one in rows[Collaboration]}),
        memberships=tuple(sorted(rows[Membership], key=lambda one: (one.joined, one.collaboration_id))),
        hours=MappingProxyType(hours),
        special_days=MappingProxyType(special_days),
        kept=frozenset((one.collaboration_id, one.municipality, one.topic) for one in rows[KeptTopic]),
    )


@lru_cache(maxsize=2)  # to make models costs milliseconds, and most of the time nothing has changed
def _rows(snapshot: str) -> dict[type[SQLModel], list[Any]]:
    said = json.loads(snapshot)
    return {one: [one.model_validate(row) for row in said[str(sa.inspect(one).local_table)] or []] for one in READ}
