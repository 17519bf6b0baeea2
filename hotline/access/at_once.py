"""person_at_once(): who has signed in, asked on the event loop, for what is asked so often that a thread costs more."""

from dataclasses import replace
from datetime import datetime

import asyncpg

from hotline.access.guards import tenant_of
from hotline.access.sessions import SEEN_AT_MOST_EVERY, idle_since, token_hash
from hotline.directory.models import Person
from hotline.tenant import DOOR, ONE_PLAN, Tenant

_AT_THE_DOOR = replace(DOOR, plans=ONE_PLAN).entering()
# As sessions.person_of has it; what is due to be written down, that one writes.
_THEIRS = """
    SELECT p.id, p.role, p.municipality FROM sign_in_session s JOIN person p ON p.id = s.person_id
    WHERE s.token_hash = $1 AND s.ends_at > $2 AND s.seen_at > greatest($3::timestamptz, $4) AND p.active
"""


async def person_at_once(connection: asyncpg.Connection, token: str, now: datetime) -> Tenant | None:
    """Whom the rest of the connection's transaction is to be for, which sees nothing before that.

    None where nobody comes in by this token, and where its use is to be written down: sessions.person_of tells which.
    """
    await connection.execute(_AT_THE_DOOR)
    asked = token_hash(token), now, idle_since(now), now - SEEN_AT_MOST_EVERY
    found = await connection.fetchrow(_THEIRS, *asked)
    return tenant_of(Person(**found)) if found else None
