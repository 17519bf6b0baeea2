"""hotline traffic: invented citizens and agents for a demo that runs."""

from pathlib import Path
from random import Random
from typing import Annotated

import typer

from hotline.demo.facts import NoDemo
from hotline.demo.traffic import run
from hotline.resources import HOME


def traffic(
    demo: Annotated[
        Path | None, typer.Option(help="The demo.json of a demo that runs; default: .hotline in the checkout.")
    ] = None,
    rate: Annotated[float, typer.Option(min=0.01, max=600, help="Citizens a minute.")] = 12.0,
    agents: Annotated[int, typer.Option(min=0, max=1000, help="Simulated agents.")] = 24,
    speed: Annotated[float, typer.Option(min=0.1, max=1000, help="How much faster than life they talk.")] = 3.0,
    seed: Annotated[int | None, typer.Option(help="The same citizens every time.")] = None,
) -> None:
    """Let invented citizens ring and write, and simulated agents answer, until stopped."""
    try:
        run(demo or HOME / ".hotline" / "demo.json", rate, agents, speed, Random(seed))
    except NoDemo as error:
        typer.echo(f"hotline traffic: {error}", err=True)
        raise typer.Exit(1) from error
