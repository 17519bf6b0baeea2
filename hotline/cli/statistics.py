"""`hotline statistics`: the figures that are made from the journal."""

import csv
import sys
from datetime import timedelta
from typing import Annotated

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


@statistics.command()
def forecast(
    municipality: Annotated[str | None, typer.Option(help="Its code; all of them where none is said.")] = None,
    weeks: Annotated[int, typer.Option(min=1, max=12, help="So many weeks, from tomorrow on.")] = 6,
) -> None:
    """Print as CSV how many inquiries are to be expected each half hour, and how far off that was of late."""
    from hotline.clock import danish, now
    from hotline.db import transaction
    from hotline.statistics import forecast as usual
    from hotline.statistics import queries
    from hotline.statistics.ladder import midnight
    from hotline.statistics.spans import Grain

    tomorrow = danish(now()).date() + timedelta(days=1)
    with database_used_by("statistics forecast"), transaction(at_work(f"command by {account()}")) as session:
        begun = midnight(tomorrow - timedelta(weeks=usual.WEEKS + 2 * weeks))
        counted = queries.series(session, municipality, begun, midnight(tomorrow), Grain.QUARTER)
    history = usual.by_day((one.start, one.counts["offered"]) for one in counted)
    history.pop(tomorrow - timedelta(days=1), None)  # today is not over
    tried = usual.tried(history, tomorrow - timedelta(days=1), weeks)
    if tried:
        ours, naive = tried
        typer.echo(
            f"off by {ours:.0%} in the last {weeks} weeks; the same half hours a week before: {naive:.0%}", err=True
        )
    learned = usual.learn(history, tomorrow - timedelta(days=1))
    table = csv.writer(sys.stdout)
    table.writerow(["day", "from", "expected"])
    for day in (tomorrow + timedelta(days=number) for number in range(7 * weeks)):
        for half, number in enumerate(learned.expected(day)):
            if number >= 0.05:
                table.writerow([day, f"{half // 2:02}:{half % 2 * 30:02}", f"{number:.1f}"])
