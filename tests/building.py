"""Tests build and look as the hotline itself, or as the owner of the tables, whom no policy holds."""

from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import NullPool, create_engine, event

from hotline import db
from hotline.settings import settings
from hotline.tenant import at_accounts, at_work

TEST = at_work("a test")


def transaction():
    """One transaction of the hotline at work, as hotline.db has it."""
    return db.transaction(TEST)


def accounts():
    """One transaction of the hotline where it keeps people and what they and keys come in with."""
    return db.transaction(at_accounts("a test"))


def session():
    """A session of the hotline at work; what it does not commit is gone afterwards."""
    return db.TenantSession(TEST)


def owner():
    """An engine that signs in as the owner of the tables."""
    return engine_of(settings().migration_url)


@lru_cache
def engine_of(url):
    """An engine without a pool, which keeps what it has compiled."""
    return create_engine(url, poolclass=NullPool)


@contextmanager
def heard():
    """What this process says to PostgreSQL for the length of the block: each statement, and its values."""
    said = []

    def hear(_connection, _cursor, statement, values, *_):
        said.append((statement, values))

    event.listen(db.engine(), "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(db.engine(), "before_cursor_execute", hear)
