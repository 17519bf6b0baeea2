"""Who holds the key of this request: asked of the database once in a while, not for every inquiry."""

from datetime import datetime, timedelta

import asyncpg

from hotline.access.guards import KeyHolder
from hotline.access.sessions import token_hash
from hotline.errors import NotSignedIn

TTL = timedelta(seconds=5)

VALID = """
    SELECT i.id, i.name FROM api_key k JOIN integrator i ON i.id = k.integrator_id
    WHERE k.key_hash = $1 AND (k.ends_at IS NULL OR k.ends_at > $2) AND i.active
"""


class Keys:
    """Remembers valid keys, by their hash, for five seconds: so long may one that was ended still be used."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._held: dict[bytes, tuple[datetime, KeyHolder]] = {}

    async def holder(self, key: str | None, now: datetime) -> KeyHolder:
        """The integrator of this key. Raises NotSignedIn for none and for one that is not valid at `now`."""
        if not key:
            raise NotSignedIn
        hashed = token_hash(key)
        if (held := self._held.get(hashed)) and timedelta(0) <= now - held[0] < TTL:
            return held[1]
        self._held.pop(hashed, None)
        row = await self._pool.fetchrow(VALID, hashed, now)
        if row is None:
            raise NotSignedIn
        holder = KeyHolder(row["id"], row["name"])
        self._held[hashed] = (now, holder)
        return holder
