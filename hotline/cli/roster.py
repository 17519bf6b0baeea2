"""`hotline roster`: who is planned to be at work, and by municipality what is owed, planned and signed in."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hotline.board.roster import NoRoster, duties, plan, read
from hotline.cli import frame
from hotline.cli.frame import for_accounts, for_command, given, table
from hotline.clock import danish, now
from hotline.settlement.owed import owed_hours

roster = typer.Typer(name="roster", help="Who is planned to be at work when.", no_args_is_help=True)


@roster.command("plan")
def plan_(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="username,begins,ends by the Danish wall clock.")],
) -> None:
    """Plan these shifts, and no others from their first day to their last. Routing knows when a shift ends."""
    try:
        with given("roster plan", file):
            shifts = read(file.read_text(encoding="utf-8-sig").splitlines())
        with for_accounts("roster plan") as session:
            number = plan(session, shifts)
    except NoRoster as error:
        raise frame.failure("roster plan", f"{file}: {error}") from None
    typer.echo(f"{number} shifts planned")


@roster.command()
def show(
    day: Annotated[str | None, typer.Argument(metavar="DAY", help="As 2026-12-01; today if left out.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="So many days from that one on.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Hours of each municipality: owed by its agreements, planned, and signed in."""
    moment = now()
    first = frame.day(day) if day else danish(moment).date()
    with for_command("roster show") as session:
        found = {one.municipality: one for one in duties(session, first, days, moment)}
        owed = owed_hours(session, first, days)
    rows = [
        {"municipality": code, "owed": round(owed.get(code, 0.0), 3)}
        | (
            {name: round(hours, 3) for name, hours in asdict(found[code]).items() if name != "municipality"}
            if code in found
            else {"planned": 0.0, "signed_in": 0.0}
        )
        for code in sorted({*found, *owed})
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    shown = [tuple(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row.values()) for row in rows]
    typer.echo(table([("municipality", "owed", "planned", "signed in"), *shown]))
