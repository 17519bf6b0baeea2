"""`hotline cvr`: which organisation's CVR number belongs to which municipality."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, select

from hotline.cli.frame import for_accounts, given
from hotline.directory.cvr import CvrNumber, read, store

cvr = typer.Typer(name="cvr", help="CVR numbers, by which sign-ins find their municipality.", no_args_is_help=True)


@cvr.command()
def load(
    file: Annotated[Path, typer.Argument(help="CSV with the columns cvr and municipality (the four-digit code).")],
    invented: Annotated[bool, typer.Option("--invented", help="Mark them as numbers that nobody has.")] = False,
) -> None:
    """Read numbers in; those that are there already take the municipality that the file says."""
    with for_accounts("cvr load") as session, given("cvr load", file):
        rows = read(file)
        store(session, rows, invented)
    typer.echo("1 CVR number is in place." if len(rows) == 1 else f"{len(rows)} CVR numbers are in place.")


@cvr.command("list")
def list_numbers() -> None:
    """Every number, its municipality, and whether it is invented."""
    with for_accounts("cvr list") as session:
        for one in session.exec(select(CvrNumber).order_by(col(CvrNumber.municipality), col(CvrNumber.cvr))):
            typer.echo("\t".join((one.cvr, one.municipality, *(["invented"] if one.invented else []))))
