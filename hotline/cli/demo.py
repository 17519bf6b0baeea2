"""`hotline demo`: the whole hotline on this machine, for trying and for developing."""

from pathlib import Path
from typing import Annotated

import typer

from hotline.resources import HOME


def demo(
    data: Annotated[Path | None, typer.Option(help="Folder of its data; default: .hotline in the checkout.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Default: 8000, or the next that is free; 0: any free one.")
    ] = None,
    no_traffic: Annotated[bool, typer.Option("--no-traffic", help="No simulated citizens and agents.")] = False,
    history: Annotated[
        bool | None,
        typer.Option(help="Begin with eight invented weeks behind it; as a rule with simulated citizens only."),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the data of the last run.")] = False,
    web: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 2,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Workers.")] = 2,
    routers: Annotated[int, typer.Option(min=1, max=16, help="Routers; one routes, the others stand by.")] = 1,
) -> None:
    """Run everything in one on 127.0.0.1, with a sample region and simulated traffic; Ctrl-C stops it."""
    try:
        from hotline.demo.run import Options, run
        from hotline.embedded import CannotStart
    except KeyboardInterrupt:  # nothing has begun yet
        typer.echo("Stoppet · Stopped.", err=True)
        raise typer.Exit(130) from None
    except ModuleNotFoundError as error:
        if error.name != "psutil":
            raise
        typer.echo("hotline demo: its servers are not installed; install hotline[demo].", err=True)
        raise typer.Exit(1) from None
    past = not no_traffic if history is None else history
    options = Options(data or HOME / ".hotline", port, not no_traffic, past, keep, web, workers, routers)
    try:
        run(options, typer.echo)
    except CannotStart as error:
        typer.echo(f"hotline demo: {error}", err=True)
        raise typer.Exit(1) from None
