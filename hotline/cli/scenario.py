"""hotline scenario: days that were, as a file that `hotline simulate` and `hotline staffing` read."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from hotline.cli import frame
from hotline.cli.frame import failure, for_command
from hotline.clock import now


def scenario(
    day: Annotated[str, typer.Argument(metavar="DAY", help="The first day, as 2026-11-23.")],
    days: Annotated[int, typer.Option("--days", min=1, max=31, help="How many days from that one on.")] = 1,
) -> None:
    """Print what came on these days and who was at work, as a scenario that names nobody."""
    from sqlalchemy import text

    from hotline.policies import current_policy
    from hotline.simulation.recorded import Days, recorded

    asked = Days(frame.day(day), days)
    with for_command("scenario", code=2) as session:
        session.execute(text("SET LOCAL statement_timeout = '10min'"))
        found = recorded(session, asked, current_policy(), now())
    if not found.inquiries:
        raise failure("scenario", f"nothing came on {found.name}", code=2)
    typer.echo(json.dumps(asdict(found), default=sorted, ensure_ascii=False))
