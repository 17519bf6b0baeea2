"""`hotline keys`: the key ring that guards citizens' identities."""

import typer

from hotline.privacy import vault
from hotline.settings import settings

keys = typer.Typer(name="keys", help="The key ring that guards citizens' identities.", no_args_is_help=True)


@keys.command()
def make() -> None:
    """Make a key ring with one key, at HOTLINE_KEYS_FILE or in the data folder; never touches one that is there.

    Copy it to every machine that runs a web process, and keep it apart from the database's backups.
    """
    path = settings().key_ring
    if path.exists():
        typer.echo(f"hotline keys make: there is one already at {path}", err=True)
        raise typer.Exit(1)
    try:
        vault.make(path)
    except OSError as error:
        typer.echo(f"hotline keys make: {path}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"made {path}")


@keys.callback()
def _group() -> None:
    """The key ring that guards citizens' identities."""
