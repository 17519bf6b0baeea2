"""`hotline collaboration`: which municipalities serve each other, and by which rules."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from hotline.cli import frame as desk
from hotline.cli.frame import at_the_desk, table
from hotline.clock import danish, now
from hotline.directory import collaborations, wall_hours
from hotline.directory.collaborations import said
from hotline.directory.hours import Interval
from hotline.directory.models import Collaboration
from hotline.live import wake_router_later

collaboration = typer.Typer(
    name="collaboration", help="Municipalities that serve each other, and the rules they set.", no_args_is_help=True
)

RULES = (
    "identity_days", "text_days", "hand_over_notes", "keep_cpr", "queue_limit", "redial_seconds", "sl_formula",
)  # fmt: skip
NO_LIMIT = "none"

Name = Annotated[str, typer.Argument(help="The collaboration's name.")]
Codes = Annotated[list[str], typer.Argument(help="The four-digit codes of the municipalities.")]
IdentityDays = Annotated[
    int | None, typer.Option(help="Days after its end that an inquiry's citizen and kept CPR numbers are erased.")
]
TextDays = Annotated[int | None, typer.Option(help="Days after its end that texts and notes are erased.")]
HandOverNotes = Annotated[
    bool | None,
    typer.Option("--hand-over-notes/--no-hand-over-notes", help="Erase no note before it has been handed over."),
]
KeepCpr = Annotated[
    bool | None, typer.Option("--keep-cpr/--no-keep-cpr", help="Let the agent have a CPR number shown.")
]
AlwaysOpen = Annotated[
    bool | None, typer.Option("--always-open/--by-hours", help="Open at any time, or as the hours say.")
]
Hours = Annotated[
    list[str] | None,
    typer.Option(help="`mon-fri 08:00-16:00` on a Danish clock; again for more; `none` for no hours, which is open."),
]
QueueLimit = Annotated[
    str | None, typer.Option(help="So many may wait before calls and chats are told that it is full; `none` for any.")
]
RedialSeconds = Annotated[
    int | None, typer.Option(help="Seconds in which a caller who rings again takes their old place.")
]
SlFormula = Annotated[str | None, typer.Option(help="The formula of the service level, A to F.")]
From = Annotated[str | None, typer.Option("--from", help="The Danish day it begins, 2026-12-31; today if left out.")]


@collaboration.command("list")
def list_() -> None:
    """List every collaboration: how many members, and how long it keeps what."""
    day = _today()
    rows: list[tuple[str, ...]] = [("name", "members", "open", "identity days", "text days", "hand over", "keep CPR")]
    with at_the_desk("collaboration list") as session:
        for one in session.exec(select(Collaboration).order_by(col(Collaboration.name))):
            members = sum(
                m.joined <= day and (m.left is None or day < m.left)
                for m, _ in collaborations.memberships(session, one)
            )
            kept = (one.identity_days, one.text_days, one.hand_over_notes, one.keep_cpr)
            rows.append((one.name, str(members), _opens(session, one), *map(said, kept)))
    typer.echo(table(rows))


@collaboration.command()
def show(name: Name) -> None:
    """Show one collaboration: its rules, its hours, and who is, was or will be a member."""
    with _changing("show") as session:
        one = collaborations.find(session, name)
        lines = [("rule", "value"), *((rule, said(getattr(one, rule))) for rule in RULES)]
        lines += [("open", _opens(session, one))]
        rows = [("municipality", "name", "from", "until")] + [
            (m.municipality, place.name, str(m.joined), str(m.left or ""))
            for m, place in collaborations.memberships(session, one)
        ]
    typer.echo(f"{one.name}\n\n{table(lines)}\n\n{table(rows) if rows[1:] else 'no members'}")


@collaboration.command()
def create(
    name: Name,
    identity_days: IdentityDays = None,
    text_days: TextDays = None,
    hand_over_notes: HandOverNotes = None,
    keep_cpr: KeepCpr = None,
    always_open: AlwaysOpen = None,
    hours: Hours = None,
    queue_limit: QueueLimit = None,
    redial_seconds: RedialSeconds = None,
    sl_formula: SlFormula = None,
) -> None:
    """Make a collaboration, without members yet. What is not said is as docs/privacy/README.md has it at first."""
    rules = _said_of(
        identity_days=identity_days, text_days=text_days, hand_over_notes=hand_over_notes, keep_cpr=keep_cpr,
        always_open=always_open, redial_seconds=redial_seconds, sl_formula=sl_formula,
    ) | _limit(queue_limit)  # fmt: skip
    with _changing("create") as session:
        made = collaborations.create(session, name, rules, _read(hours))
    typer.echo(f"made {made.name}")


@collaboration.command("set")
def set_(
    name: Name,
    identity_days: IdentityDays = None,
    text_days: TextDays = None,
    hand_over_notes: HandOverNotes = None,
    keep_cpr: KeepCpr = None,
    always_open: AlwaysOpen = None,
    hours: Hours = None,
    queue_limit: QueueLimit = None,
    redial_seconds: RedialSeconds = None,
    sl_formula: SlFormula = None,
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
) -> None:
    """Give a collaboration other rules; those that are not said stay. Web processes go by them within two seconds.

    Days hold for inquiries that have ended already, too: with fewer of them, what is due then is erased within an hour.
    """
    rules = _said_of(
        name=new_name, identity_days=identity_days, text_days=text_days, hand_over_notes=hand_over_notes,
        keep_cpr=keep_cpr, always_open=always_open, redial_seconds=redial_seconds, sl_formula=sl_formula,
    ) | _limit(queue_limit)  # fmt: skip
    if not rules and hours is None:
        raise typer.BadParameter("say what is to change, `hotline collaboration set --help` lists it")
    with _changing("set") as session:
        changes = collaborations.change(session, name, rules, _read(hours))
    typer.echo("\n".join(changes or ["nothing to change"]))


@collaboration.command()
def join(name: Name, codes: Codes, since: From = None) -> None:
    """Make municipalities members, from today on or another day."""
    begins = desk.day(since) if since else _today()
    with _changing("join") as session:
        lines = collaborations.join(session, name, codes, begins)
        wake_router_later(session)
    typer.echo("\n".join(lines))


@collaboration.command()
def leave(name: Name, codes: Codes, since: From = None) -> None:
    """Let municipalities be members no more, from today on or another day; their work and figures stay."""
    ends = desk.day(since) if since else _today()
    with _changing("leave") as session:
        lines = collaborations.leave(session, name, codes, ends, _today())
        wake_router_later(session)
    typer.echo("\n".join(lines))


@contextmanager
def _changing(command: str) -> Iterator[Session]:
    with at_the_desk(f"collaboration {command}", refused=2) as session:
        yield session


def _said_of(**rules: object) -> dict[str, object]:
    return {rule: value for rule, value in rules.items() if value is not None}


def _limit(written: str | None) -> dict[str, object]:
    if written is None:
        return {}
    if written != NO_LIMIT and not (written.isascii() and written.isdigit() and len(written) < 10):
        raise typer.BadParameter(f"`{written}` is no number of inquiries, nor `{NO_LIMIT}`", param_hint="--queue-limit")
    return {"queue_limit": None if written == NO_LIMIT else int(written)}


def _read(hours: Sequence[str] | None) -> list[Interval] | None:
    """No hours at all are `none` alone."""
    return None if hours is None else wall_hours.read([] if list(hours) == [NO_LIMIT] else hours)


def _opens(session: Session, one: Collaboration) -> str:
    hours = [] if one.always_open else wall_hours.say(collaborations.hours_of(session, one))
    return ", ".join(hours) or "always"


def _today() -> date:
    return danish(now()).date()
