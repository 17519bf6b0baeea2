"""Tests build and look as the hotline itself, or as the owner of the tables, whom no policy holds."""

from sqlalchemy import NullPool, create_engine

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
    return create_engine(settings().migration_url, poolclass=NullPool)
