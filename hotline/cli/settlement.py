"""`hotline settlement`: what members of a collaboration owe each other for a month, by what they agreed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text
from sqlmodel import Session

from hotline.cli import frame
from hotline.cli.frame import for_accounts, for_command, given, language, table
from hotline.clock import danish, now
from hotline.directory.collaborations import named
from hotline.directory.names import municipality_names
from hotline.settlement import agree as agreeing
from hotline.settlement import corrections, exports, inhabitants, statements
from hotline.settlement.figures import read_ore, read_thousandths
from hotline.settlement.statements import Settlement
from hotline.settlement.terms import ALL, Basis, Month, Part, Terms
from hotline.web.language import translator

settlement = typer.Typer(
    name="settlement", help="What members owe each other for a month, by what they agreed.", no_args_is_help=True
)

PART = re.compile(r"(inhabitants|inquiries|minutes|hours)[ =](\d+(?:[.,]\d\d?)?)(?: +(\d{1,3}) ?%)?")
OWED = re.compile(r"(\d{4})=(\d+(?:[.,]\d{1,3})?)")

Collaboration = Annotated[str, typer.Option("--collaboration", help="The collaboration's name.")]
Period = Annotated[str, typer.Option("--period", help="The month, as 2026-11.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write it to this file as well, for a Danish spreadsheet.")]


@settlement.command()
def preview(collaboration: Collaboration, period: Period, as_json: Json = False, csv: Csv = None) -> None:
    """Show a month as it would be closed now; a closed one as it was."""
    _show_month("preview", statements.preview, collaboration, period, as_json, csv)


@settlement.command()
def close(collaboration: Collaboration, period: Period, as_json: Json = False, csv: Csv = None) -> None:
    """Close a month for good; a closed one stays as it was. What ends later on its days comes in the next month."""
    _show_month("close", statements.close, collaboration, period, as_json, csv)


@settlement.command()
def agree(
    collaboration: Collaboration,
    by: Annotated[
        list[str],
        typer.Option(
            help="`inquiries 25.00`, `minutes`, `inhabitants` or `hours` and kroner for one (an inhabitant or an hour:"
            " a month's); again for more, each with its share: `minutes 6.50 60%`."
        ),
    ],
    since: Annotated[str | None, typer.Option("--from", help="The Danish day it begins; today if left out.")] = None,
    again_minutes: Annotated[
        int, typer.Option(help="A citizen who rings again about it within so many minutes is not paid twice.")
    ] = 30,
    owes: Annotated[
        list[str] | None, typer.Option(help="`0860=120`: hours on duty that a municipality owes in a month; again.")
    ] = None,
) -> None:
    """Agree on what members settle by from a day on; closed months stay as they are."""
    begins = frame.day(since) if since else danish(now()).date()
    terms = Terms(begins, tuple(map(_part, by)), again_minutes, dict(map(_owed, owes or [])))
    with for_accounts("settlement agree", code=2) as session:
        typer.echo(agreeing.agree(session, collaboration, terms))


@settlement.command("terms")
def list_terms(collaboration: Collaboration) -> None:
    """List what was agreed, each from its day on."""
    with for_accounts("settlement terms", code=2) as session:
        versions = agreeing.agreed(session, named(session, collaboration))
    typer.echo("\n".join(map(agreeing.in_words, versions)) or "nothing is agreed")


@settlement.command("inhabitants")
def load_inhabitants(
    file: Annotated[Path, typer.Argument(help="CSV with the columns municipality and inhabitants.")],
    day: Annotated[str, typer.Option(help="The day they were counted on.")],
    source: Annotated[str, typer.Option(help="Who counted them.")],
) -> None:
    """Read in how many live in each municipality."""
    counted_on = frame.day(day)
    with for_accounts("settlement inhabitants") as session, given("settlement inhabitants", file):
        counted = inhabitants.read(file)
        inhabitants.store(session, counted, counted_on, source)
    typer.echo(f"{len(counted)} municipalities, {sum(counted.values())} inhabitants on {counted_on}")


@settlement.command()
def correct(
    collaboration: Collaboration,
    period: Annotated[str, typer.Option("--period", help="The closed month that was wrong.")],
    payer: Annotated[str, typer.Option(help="The code of the municipality that pays.")],
    payee: Annotated[str, typer.Option(help="The code of the one that is paid.")],
    amount: Annotated[str, typer.Option(help="Kroner, as 120.50.")],
    why: Annotated[str, typer.Option(help="What was wrong; both read that.")],
) -> None:
    """Put a closed month right by a line in the next one."""
    month, ore = _month(period), read_ore(amount)
    if ore is None:
        raise typer.BadParameter(f"`{amount}` are no kroner like 120.50")
    with for_command("settlement correct", code=2) as session:
        corrections.correct(session, collaboration, month, payer, payee, ore, why)
    typer.echo(f"{payer} pays {payee} {amount} for {month}, in the next month that is closed")


def _show_month(
    command: str, settle: Callable[..., Settlement], collaboration: str, period: str, as_json: bool, csv: Path | None
) -> None:
    month = _month(period)
    with for_command(f"settlement {command}", code=2) as session:
        _patiently(session)
        settled = settle(session, collaboration, month, now())
        names = municipality_names(session)
    _show(settled, names, as_json, csv)


def _patiently(session: Session) -> None:
    """A month of a large pool is many lines, and a command may read for longer than a page."""
    session.execute(text("SET LOCAL statement_timeout = '10min'"))


def _month(said: str) -> Month:
    try:
        return Month.read(said)
    except ValueError:
        raise typer.BadParameter(f"`{said}` is no month like 2026-11") from None


def _part(said: str) -> Part:
    found = PART.fullmatch(said.strip())
    rate = read_ore(found[2]) if found else None
    if found is None or rate is None:
        raise typer.BadParameter(f"`{said}` is no basis with its rate, like `minutes 6.50` or `inquiries 25 40%`")
    return Part(Basis(found[1]), rate, int(found[3] or ALL))


def _owed(said: str) -> tuple[str, int]:
    found = OWED.fullmatch(said.strip())
    if found is None:
        raise typer.BadParameter(f"`{said}` is no municipality with its hours, like 0860=120")
    return found[1], read_thousandths(found[2]) or 0


def _show(settled: Settlement, names: dict[str, str], as_json: bool, csv: Path | None) -> None:
    t = translator(language())
    if csv is not None:
        csv.write_text(exports.danish_csv(settled, names, t), encoding="utf-8", newline="")
    if as_json:
        typer.echo(json.dumps(exports.document(settled), ensure_ascii=False, indent=2))
        return
    cells = [
        tuple(f"{one:f}" if hasattr(one, "quantize") else str(one) for one in row)
        for row in exports.rows(settled, names, t)
    ]
    state = f"closed {frame.wall(settled.closed_at)}" if settled.closed_at else "preview"
    typer.echo(f"{settled.collaboration} {settled.month}, {state}\n\n{table(cells)}")
