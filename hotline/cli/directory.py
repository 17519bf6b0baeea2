"""`hotline directory`: people and roles from the municipalities' own lists."""

from pathlib import Path
from typing import Annotated

import typer

from hotline.access.ends import end_of
from hotline.cli.frame import for_accounts, given
from hotline.clock import now
from hotline.directory.listing import read
from hotline.directory.sync import sync as keep_in_step
from hotline.live import wake_router_later

directory = typer.Typer(
    name="directory", help="People and roles from the municipalities' own lists.", no_args_is_help=True
)


@directory.command()
def sync(
    file: Annotated[Path, typer.Argument(help="A list of people as JSON, in the shape that docs/access.md tells.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> None:
    """Bring people, roles, topics and languages in step with a list; whom it does not name any more is deactivated."""
    with for_accounts("directory sync") as session:
        with given("directory sync", file):
            listing = read(session, file.read_text(encoding="utf-8"))
            changes = keep_in_step(session, listing, now(), end_of)
        if dry_run:
            session.rollback()
        else:
            wake_router_later(session)
    for kle in listing.unknown_kle:
        typer.echo(f"no topic has the KLE number {kle}")
    for change in changes:
        typer.echo(f"{change.username}: {change.what}")
    count = f"{len(changes)} {'change' if len(changes) == 1 else 'changes'}"
    typer.echo(f"{count}; this was a dry run, nothing is changed" if dry_run else count)


@directory.callback()
def _group() -> None:
    """People and roles from the municipalities' own lists."""
