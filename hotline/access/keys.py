"""Keys of integrators: made and shown once, kept as hashes; what each may do, for whom, and until when."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, or_, text
from sqlmodel import Session, col, select

from hotline.access.errors import IntegratorExists, NoSuchKey, UnknownIntegrator
from hotline.access.models import ApiKey, Integrator
from hotline.access.sessions import token_hash
from hotline.directory.errors import BadName

PREFIX = "hk_"
SHOWN = len(PREFIX) + 8
LONGEST_NAME = 100
USED_AT_MOST_EVERY = timedelta(minutes=1)

# Whoever finds the row locked leaves it: somebody else writes the same moment.
USED = text("""
    UPDATE api_key SET last_used_at = :now WHERE key_hash = (
        SELECT key_hash FROM api_key WHERE key_hash = :key_hash
        AND (last_used_at IS NULL OR last_used_at <= :before) FOR UPDATE SKIP LOCKED)
""")
# Asked with every call of an integrator: to put it together takes longer than to carry it out.
VALID = (
    select(Integrator, ApiKey)
    .join(ApiKey, col(ApiKey.integrator_id) == col(Integrator.id))
    .where(
        col(ApiKey.key_hash) == bindparam("hash"),
        or_(col(ApiKey.ends_at).is_(None), col(ApiKey.ends_at) > bindparam("now")),
        col(Integrator.active),
    )
)


class Scope(StrEnum):
    """What a key may be used for."""

    INTAKE = "intake"
    READ = "read"
    STATISTICS = "statistics"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True)
class Grant:
    """What a key may do, which municipalities it is bound to (none: all members), when it ends (aware; None: never)."""

    scopes: tuple[Scope, ...] = tuple(Scope)
    municipalities: tuple[str, ...] = ()
    ends_at: datetime | None = None


def add(session: Session, name: str, grant: Grant, now: datetime) -> str:
    """A new integrator, or one that has no key in force any more, and its key, which nobody can see again.

    Raises IntegratorExists, or BadName for a name that no list could show on a line.
    """
    if not name.isprintable() or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise BadName(longest=LONGEST_NAME)
    try:
        integrator, keys = of(session, name)
    except UnknownIntegrator:
        integrator, keys = Integrator(name=name), ()
    if any(in_force(key, now) for key in keys):
        raise IntegratorExists
    integrator.active = True
    session.add(integrator)
    session.flush()
    return give(session, integrator, grant, now)


def give(session: Session, integrator: Integrator, grant: Grant, now: datetime, key: str | None = None) -> str:
    """A key for this integrator, by chance where none is given; from here on only its hash is known."""
    key = key or PREFIX + secrets.token_hex(24)
    assert integrator.id is not None
    row = ApiKey(
        key_hash=token_hash(key),
        integrator_id=integrator.id,
        prefix=key[:SHOWN],
        scopes=sorted(grant.scopes),
        municipalities=sorted(grant.municipalities),
        made_at=now,
        ends_at=grant.ends_at,
    )
    session.add(row)
    session.flush()
    return key


def rotate(session: Session, name: str, overlap: timedelta, now: datetime) -> str:
    """A new key that may do what the newest one in force may and lasts as long; those before end after `overlap`.

    Raises UnknownIntegrator, or NoSuchKey where none is in force.
    """
    integrator, keys = of(session, name)
    valid = [key for key in keys if in_force(key, now)]
    if not valid:
        raise NoSuchKey
    newest = valid[0]
    ends_at = now + (newest.ends_at - newest.made_at) if newest.ends_at else None
    grant = Grant(tuple(Scope(one) for one in newest.scopes), tuple(newest.municipalities), ends_at)
    for old in valid:
        old.ends_at = min(now + overlap, old.ends_at or now + overlap)
        session.add(old)
    return give(session, integrator, grant, now)


def revoke(session: Session, name: str, prefix: str | None, now: datetime) -> int:
    """End every key of this integrator that is in force, or the one that begins so; how many ended.

    Raises UnknownIntegrator, or NoSuchKey where none is in force.
    """
    _, keys = of(session, name)
    ended = [one for one in keys if in_force(one, now) and prefix in (None, one.prefix)]
    if not ended:
        raise NoSuchKey
    for one in ended:
        one.ends_at = now
        session.add(one)
    session.flush()
    return len(ended)


def of(session: Session, name: str) -> tuple[Integrator, Sequence[ApiKey]]:
    """The integrator of this name and its keys, the newest first. Raises UnknownIntegrator."""
    integrator = session.exec(select(Integrator).where(Integrator.name == name)).first()
    if integrator is None:
        raise UnknownIntegrator
    theirs = select(ApiKey).where(ApiKey.integrator_id == integrator.id)
    return integrator, session.exec(theirs.order_by(col(ApiKey.made_at).desc(), col(ApiKey.prefix))).all()


def in_force(key: ApiKey, now: datetime) -> bool:
    """Whether this key is valid at `now`."""
    return key.ends_at is None or key.ends_at > now


def holder(session: Session, key: str, now: datetime) -> tuple[Integrator, ApiKey] | None:
    """The integrator of a key that is valid at `now`, and its row; a use is written down at most once a minute."""
    found = session.exec(VALID, params={"hash": token_hash(key), "now": now}).first()
    if found is None:
        return None
    integrator, row = found
    if use_is_due(row.last_used_at, now):
        values = {"now": now, "key_hash": row.key_hash, "before": now - USED_AT_MOST_EVERY}
        session.connection().execute(USED, values)
    return integrator, row


def use_is_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Whether a use at `now` is to be written down."""
    return last_used_at is None or now - last_used_at >= USED_AT_MOST_EVERY
