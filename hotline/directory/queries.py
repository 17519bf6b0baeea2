"""Reading the directory: one statement for pages and for the intake path, and a short memory of it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlmodel import Session

from hotline.clock import now
from hotline.directory.hours import Interval
from hotline.directory.snapshot import CollaborationFacts, Directory, MembershipFacts, MunicipalityFacts, TopicFacts

# One statement without parameters: the same text for both drivers, and every part of the answer from one moment.
SNAPSHOT = """
SELECT json_build_object(
  'municipalities', (SELECT json_agg(json_build_object('code', code, 'name', name, 'region', region) ORDER BY code)
                     FROM municipality),
  'topics', (SELECT json_agg(json_build_object('slug', slug, 'name', name, 'name_en', name_en, 'kle', kle,
                                               'target_seconds', target_seconds, 'open', open) ORDER BY slug)
             FROM topic),
  'collaborations', (SELECT json_agg(json_build_object(
                       'id', id, 'name', name, 'always_open', always_open, 'queue_limit', queue_limit,
                       'redial_seconds', redial_seconds, 'sl_formula', sl_formula,
                       'keep_cpr', keep_cpr) ORDER BY id)
                     FROM collaboration),
  'hours', (SELECT json_agg(json_build_object('collaboration', collaboration_id, 'weekday', weekday,
                                              'opens', opens, 'closes', closes) ORDER BY weekday, opens)
            FROM opening_hours),
  'memberships', (SELECT json_agg(json_build_object('collaboration', collaboration_id, 'municipality', municipality,
                                                    'joined', joined, 'left', left_on)
                                  ORDER BY joined, collaboration_id)
                  FROM membership)
)::text
"""


def load(session: Session) -> Directory:
    """The directory as this transaction sees it."""
    return _read(session.connection().execute(sa.text(SNAPSHOT)).scalar_one())


async def load_async(pool: asyncpg.Pool) -> Directory:
    """The directory as it is committed now, for the async paths."""
    return _read(await pool.fetchval(SNAPSHOT))


@dataclass
class Cache:
    """The directory for the async paths: up to `ttl` old, so that a topic opened now works within seconds."""

    clock: Callable[[], datetime] = now
    ttl: timedelta = timedelta(seconds=2)
    _held: tuple[datetime, Directory] | None = None
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get_async(self, pool: asyncpg.Pool) -> Directory:
        """The directory, read anew where what is held has grown too old; of many who find it so, one reads and the
        others wait."""
        if fresh := self._fresh():
            return fresh
        async with self._loading:
            return self._fresh() or self._hold(self.clock(), await load_async(pool))

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
    rows: dict[str, list[dict[str, Any]]] = {name: found or [] for name, found in json.loads(snapshot).items()}
    hours: dict[int, list[Interval]] = {}
    for row in rows["hours"]:
        interval = Interval(row["weekday"], time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))
        hours.setdefault(row["collaboration"], []).append(interval)
    return Directory(
        municipalities=MappingProxyType({row["code"]: MunicipalityFacts(**row) for row in rows["municipalities"]}),
        topics=MappingProxyType({row["slug"]: TopicFacts(**row) for row in rows["topics"]}),
        collaborations=MappingProxyType(
            {
                row["id"]: CollaborationFacts(**row, hours=tuple(hours.get(row["id"], ())))
                for row in rows["collaborations"]
            }
        ),
        memberships=tuple(_membership(row) for row in rows["memberships"]),
    )


def _membership(row: dict[str, Any]) -> MembershipFacts:
    left = None if row["left"] is None else date.fromisoformat(row["left"])
    return MembershipFacts(row["collaboration"], row["municipality"], date.fromisoformat(row["joined"]), left)
