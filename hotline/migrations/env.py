"""How Alembic reaches the database and the models."""

from alembic import context
from sqlalchemy import create_engine

from hotline.migrations.metadata import metadata
from hotline.settings import settings


def run() -> None:
    """Bring the database to the wanted revision, in one transaction."""
    connectable = context.config.attributes.get("connection")
    if connectable is not None:
        _migrate(connectable)
        return
    engine = create_engine(settings().migration_url)
    with engine.connect() as connection:
        _migrate(connection)
        connection.commit()
    engine.dispose()


def _migrate(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


run()
