"""`hotline bench`: how fast it is here, on servers of its own that are gone afterwards."""

import json
from typing import Annotated, Any

import typer

from hotline.cli.frame import failure
from hotline.embedded import CannotStart

bench = typer.Typer(
    name="bench", help="How fast the hotline is on this machine, with servers of its own.", no_args_is_help=True
)


@bench.callback()
def _group() -> None:
    """How fast the hotline is on this machine, with servers of its own."""


@bench.command()
def intake(
    seconds: Annotated[float, typer.Option(min=1, max=600, help="How long each of the two is measured.")] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Take inquiries in over HTTP beside a bare endpoint that stores one row: how many a second, and how long it takes.

    Both are one web process with as many connections to the same PostgreSQL (fsync and synchronous_commit are on),
    and are asked in turn by the same client.
    """
    from hotline.bench.intake import run

    try:
        figures = run(seconds)
    except CannotStart as error:
        raise failure("bench intake", str(error)) from None
    typer.echo(json.dumps(figures) if as_json else _as_text(figures))


@bench.command()
def routing(
    agents: Annotated[int, typer.Option(min=20, max=100_000, help="Agents signed in.")] = 1_000,
    waiting: Annotated[int, typer.Option(min=0, max=1_000_000, help="Inquiries that wait.")] = 10_000,
    runs: Annotated[int, typer.Option(min=1, max=10_000, help="Passes that are timed.")] = 50,
    ready: Annotated[int, typer.Option(min=0, max=100_000, help="Agents with room; all others are busy.")] = 20,
    ignorant: Annotated[
        bool, typer.Option("--ignorant", help="The planner knows the tables as they were when empty.")
    ] = False,
    held: Annotated[
        bool, typer.Option("--held", help="Another transaction keeps its snapshot open all the time.")
    ] = False,
    home_first: Annotated[
        int, typer.Option(min=0, max=3600, help="Seconds for which citizens' own municipality is asked alone.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Match who is free with what waits, whole passes of the router, each undone: how long one takes.

    With 20 agents who have room each pass makes 20 offers. Beside it stands one UPDATE of the same rows.
    """
    from hotline.bench.routing import Asked, run

    try:
        figures = run(Asked(agents, waiting, runs, min(ready, agents), ignorant, held, home_first))
    except CannotStart as error:
        raise failure("bench routing", str(error)) from None
    typer.echo(json.dumps(figures) if as_json else "\n".join(f"{name:<20} {one}" for name, one in figures.items()))


@bench.command()
def statistics(
    inquiries: Annotated[int, typer.Option(min=100, max=100_000_000, help="Closed inquiries over three years.")] = (
        10_000
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Ask for every page of figures over three years of inquiries: how long one takes, and how fast all are counted."""
    from hotline.bench.statistics import run

    try:
        figures = run(inquiries, lambda so_far: typer.echo(so_far, err=True))
    except CannotStart as error:
        raise failure("bench statistics", str(error)) from None
    typer.echo(json.dumps(figures) if as_json else "\n".join(f"{name:<20} {one}" for name, one in figures.items()))


def _as_text(figures: dict[str, Any]) -> str:
    lines = [
        f"{'connections':>11} {'':>6} {'a second':>9} {'p50 ms':>7} {'p99 ms':>7} {'web CPU ms':>10} {'PG CPU ms':>9}"
    ]
    for connections, both in figures["by_connections"].items():
        for name in ("bare", "intake"):
            one = both[name]
            lines.append(
                f"{connections:>11} {name:>6} {one['rps']:>9.0f} {one['p50_ms']:>7.2f} {one['p99_ms']:>7.2f} "
                f"{one['web_cpu_ms']:>10.3f} {one['postgres_cpu_ms']:>9.3f}"
            )
        lines.append(f"{connections:>11}  intake ÷ bare {both['ratio']:.2f}")
    return "\n".join(lines)
