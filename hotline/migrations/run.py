"""migrate(): bring the database to the newest shape, and say whether it is there."""

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from hotline.locks import MIGRATING
from hotline.migrations import rights
from hotline.migrations.metadata import metadata


def config() -> Config:
    """Alembic's configuration; `[tool.alembic]` in pyproject.toml says the same for its command line."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    return found


def migrate(engine: Engine) -> list[str]:
    """Apply what is missing, then who sees which row; of several who start at once, one does it and the others wait.

    What of rights was not as declared, a statement each.
    """
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
        wanted = config()
        wanted.attributes["connection"] = connection
        command.upgrade(wanted, "head")
        changed = rights.apply(connection)
        connection.commit()
    return changed


def missing(connection: Connection) -> list[str]:
    """The revisions that the database has not had yet, oldest first."""
    have = MigrationContext.configure(connection).get_current_revision()
    return [step.revision for step in reversed(list(_steps().iterate_revisions("head", have or "base")))]


@lru_cache
def _steps() -> ScriptDirectory:
    """All revisions: to read their files takes 60 ms, and those of a process do not change."""
    return ScriptDirectory.from_config(config())


def differences(connection: Connection) -> list[object]:
    """What the models have that the migrated database has not, or the other way round; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))
