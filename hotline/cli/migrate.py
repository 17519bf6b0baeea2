"""`hotline migrate`: bring the database to the newest shape."""

import typer
from sqlalchemy.exc import DBAPIError

from hotline.cli.frame import failure


def migrate() -> None:
    """Apply every migration that the database has not had, then who sees which row (hotline/rows.py).

    Safe to run again, and from several places at once.
    """
    from alembic.script.revision import RevisionError
    from sqlalchemy import create_engine

    from hotline.migrations.run import migrate as bring_up
    from hotline.migrations.run import missing
    from hotline.settings import settings

    owner = create_engine(settings().migration_url, connect_args={"connect_timeout": 5})
    try:
        with owner.connect() as connection:
            lacking = missing(connection)
        changed = bring_up(owner)
    except DBAPIError as error:
        raise failure("migrate", str(error.orig).strip().splitlines()[0]) from None
    except RevisionError as error:
        raise failure("migrate", f"the database is of another version of the hotline than this one: {error}") from None
    told = [f"applied: {', '.join(lacking)}"] if lacking else []
    told += [f"who sees which row: {len(changed)} changes"] if changed else []
    typer.echo("\n".join(told) or "nothing to do")
