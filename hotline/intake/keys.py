"""Who holds the key of this request: asked of the database once in a while, not for every inquiry."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
from starlette.concurrency import run_in_threadpool

from hotline.access import sessions
from hotline.access.errors import NotSignedIn, WrongKindOfKey
from hotline.access.guards import KeyHolder
from hotline.access.keys import USED_AT_MOST_EVERY, Scope, use_is_due
from hotline.access.rate import RATE
from hotline.db import transaction
from hotline.logs import log
from hotline.tenant import DOOR

TTL = timedelta(seconds=5)

VALID = """
    SELECT i.id, i.name, k.scopes, k.municipalities, k.last_used_at
    FROM api_key k JOIN integrator i ON i.id = k.integrator_id
    WHERE k.key_hash = $1 AND (k.ends_at IS NULL OR k.ends_at > $2) AND i.active
"""
USED = "UPDATE api_key SET last_used_at = $2 WHERE key_hash = $1 AND (last_used_at IS NULL OR last_used_at <= $3)"


class Keys:
    """Remembers valid keys, by their hash, for five seconds: so long may one that was ended still be used."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._held: dict[bytes, tuple[datetime, KeyHolder]] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def holder(self, key: str | None, now: datetime) -> KeyHolder:
        """The integrator of this key.

        Raises NotSignedIn for none and for one that is not valid at `now`, WrongKindOfKey for somebody's sign-in,
        MissingScope where it is not for handing in, TooManyRequests.
        """
        if not key:
            raise NotSignedIn
        hashed = sessions.token_hash(key)
        if (held := self._held.get(hashed)) and timedelta(0) <= now - held[0] < TTL:
            holder = held[1]
        else:
            holder = await self._look_up(key, hashed, now)
        RATE.take(hashed, now)
        holder.must_have(Scope.INTAKE)
        return holder

    async def _look_up(self, key: str, hashed: bytes, now: datetime) -> KeyHolder:
        self._held.pop(hashed, None)
        row = await self._pool.fetchrow(VALID, hashed, now)
        if row is None:
            if key.startswith(sessions.PREFIX) and await run_in_threadpool(_is_sign_in, key, now):
                raise WrongKindOfKey("this takes an integrator's key, and a sign-in was shown")
            raise NotSignedIn
        holder = KeyHolder(row["id"], row["name"], frozenset(row["scopes"]), frozenset(row["municipalities"]))
        self._held[hashed] = (now, holder)
        if use_is_due(row["last_used_at"], now):
            task = asyncio.create_task(self._write_use(hashed, now))
            self._writing.add(task)  # the loop itself would let a task be collected in mid-work
            task.add_done_callback(self._writing.discard)
        return holder

    async def _write_use(self, hashed: bytes, now: datetime) -> None:
        """Beside the requests, none of which waits for it."""
        try:
            await self._pool.execute(USED, hashed, now, now - USED_AT_MOST_EVERY)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            log(__name__).warning("last use of a key not written", error=type(error).__name__)


def _is_sign_in(token: str, now: datetime) -> bool:
    with transaction(DOOR) as session:
        return sessions.person_of(session, token, now) is not None
