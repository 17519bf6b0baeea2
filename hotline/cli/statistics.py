"""`hotline statistics`: the figures that are made from the journal."""

import typer

from hotline.cli.frame import account, database_used_by
from hotline.tenant import at_work

statistics = typer.Typer(
    name="statistics", help="The municipalities' figures, which are made from the journal.", no_args_is_help=True
)


@statistics.callback()
def _group() -> None:
    """The municipalities' figures, which are made from the journal."""


@statistics.command()
def rebuild() -> None:
    """Count every figure anew from the journal. Readers see the old ones, which go on, until it is done."""
    from hotline.statistics.rebuild import rebuild

    with database_used_by("statistics rebuild"):
        lines = rebuild(at_work(f"command by {account()}"), lambda so_far: typer.echo(f"{so_far} lines …", err=True))
    typer.echo(f"counted anew from {lines} lines of the journal")
