"""`hotline statistics`: the figures that are made from the journal."""

import typer

from hotline.cli.frame import at_the_desk

statistics = typer.Typer(
    name="statistics", help="The municipalities' figures, which are made from the journal.", no_args_is_help=True
)


@statistics.callback()
def _group() -> None:
    """The municipalities' figures, which are made from the journal."""


@statistics.command()
def rebuild() -> None:
    """Count every figure anew from the journal. Readers see the old ones until it is done."""
    from hotline.statistics import summarize

    with at_the_desk("statistics rebuild") as session:
        lines = summarize.rebuild(session)
    typer.echo(f"counted anew from {lines} lines of the journal")
