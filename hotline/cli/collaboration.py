"""`hotline collaboration`: which municipalities serve each other, and by which rules."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from hotline.cli import frame
from hotline.cli.frame import for_accounts, table
from hotline.cli.rule_options import NO_LIMIT, with_rules
from hotline.clock import danish, now
from hotline.directory import agreements, collaborations, special_days, wall_hours
from hotline.directory.collaborations import said
from hotline.directory.hours import Opening
from hotline.directory.models import Collaboration
from hotline.directory.rules import RULES
from hotline.live import wake_router_later

collaboration = typer.Typer(
    name="collaboration", help="Municipalities that serve each other, and the rules they set.", no_args_is_help=True
)

NOTHING = "nothing to change"
USUAL = "usual"
Rules = dict[str, object]  # those that were said, by name
Name = Annotated[str, typer.Argument(help="The collaboration's name.")]
Code = Annotated[str, typer.Argument(help="The municipality's four-digit code.")]
Codes = Annotated[list[str], typer.Argument(help="The four-digit codes of the municipalities.")]
Hours = Annotated[
    list[str] | None,
    typer.Option(help="`mon-fri 08:00-16:00` on a Danish clock; again for more; `none` for no hours, which is open."),
]
From = Annotated[str | None, typer.Option("--from", help="The Danish day it begins, 2026-12-31; today if left out.")]


@collaboration.command("list")
def list_() -> None:
    """List every collaboration: how many members, and how long it keeps what."""
    day = _today()
    rows: list[tuple[str, ...]] = [("name", "members", "open", "identity days", "text days", "hand over", "keep CPR")]
    with for_accounts("collaboration list") as session:
        for one in session.exec(select(Collaboration).order_by(col(Collaboration.name))):
            members = sum(m.holds(day) for m, _ in collaborations.memberships(session, one))
            kept = (one.identity_days, one.text_days, one.hand_over_notes, one.keep_cpr)
            rows.append((one.name, str(members), _opens(session, one), *map(said, kept)))
    typer.echo(table(rows))


@collaboration.command()
def show(name: Name) -> None:
    """Show one collaboration: its rules, its hours, and who is, was or will be a member."""
    with _changing("show") as session:
        one = collaborations.named(session, name)
        lines = [
            ("rule", "value"),
            *((rule.name, said(getattr(one, rule.name))) for rule in RULES),
        ]
        lines += [("open", _opens(session, one))]
        lines += [(day, wall_hours.say_times(spans)) for day, spans in special_days.special_days(session, one).items()]
        partners, kept = agreements.partners_of(session, one), agreements.kept_by(session, one)
        rows = [("municipality", "name", "from", "until", "partners", "keeps")] + [
            (
                code,
                place.name,
                str(m.joined),
                str(m.left or ""),
                ", ".join(partners.get(code, [])),
                ", ".join(kept.get(code, [])),
            )
            for m, place in collaborations.memberships(session, one)
            for code in [m.municipality]
        ]
    typer.echo(f"{one.name}\n\n{table(lines)}\n\n{table(rows) if rows[1:] else 'no members'}")


@collaboration.command()
@with_rules
def create(name: Name, rules: Rules, hours: Hours = None) -> None:
    """Make a collaboration, without members yet. What is not said is as docs/privacy/README.md has it at first."""
    with _changing("create") as session:
        made = collaborations.create(session, name, rules, _read(hours))
    typer.echo(f"made {made.name}")


@collaboration.command("set")
@with_rules
def set_(
    name: Name,
    rules: Rules,
    hours: Hours = None,
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
) -> None:
    """Give a collaboration other rules; those that are not said stay. Web processes go by them within two seconds.

    Days hold for inquiries that have ended already, too: with fewer of them, what is due then is erased within an hour.
    """
    if new_name is not None:
        rules["name"] = new_name
    if not rules and hours is None:
        raise typer.BadParameter("say what is to change, `hotline collaboration set --help` lists it")
    with _changing("set") as session:
        changes = collaborations.change(session, name, rules, _read(hours))
    typer.echo("\n".join(changes or [NOTHING]))


@collaboration.command()
def join(name: Name, codes: Codes, since: From = None) -> None:
    """Make municipalities members, from today on or another day."""
    begins = frame.day(since) if since else _today()
    with _changing("join") as session:
        lines = collaborations.join(session, name, codes, begins)
        wake_router_later(session)
    typer.echo("\n".join(lines))


@collaboration.command()
def leave(name: Name, codes: Codes, since: From = None) -> None:
    """Let municipalities be members no more, from today on or another day; their work and figures stay."""
    ends = frame.day(since) if since else _today()
    with _changing("leave") as session:
        lines = collaborations.leave(session, name, codes, ends, _today())
        wake_router_later(session)
    typer.echo("\n".join(lines))


@collaboration.command()
def partners(
    name: Name, code: Code, others: Annotated[list[str], typer.Argument(help="Their codes, or `none`.")]
) -> None:
    """Say which members are asked for a municipality's citizens after its own agents and before all others."""
    _agree("partners", agreements.name_partners, name, code, others)


@collaboration.command("keep")
def topics_kept(
    name: Name, code: Code, topics: Annotated[list[str], typer.Argument(help="Their slugs, or `none`.")]
) -> None:
    """Say which topics a municipality keeps for its own agents; the other members answer all the rest for it."""
    _agree("keep", agreements.keep_topics, name, code, topics)


@collaboration.command()
def day(
    name: Name,
    on: Annotated[str, typer.Argument(metavar="DAY", help="`2026-12-23`, or `12-24` for the day of every year.")],
    times: Annotated[list[str], typer.Argument(help="`08:00-12:00`, again for more; `closed`; or `usual`.")],
) -> None:
    """Say on which day it is closed, or open at other times than usual, whatever weekday or holiday that is."""
    with _changing("day") as session:
        special = wall_hours.read_day(on)
        spans = None if times == [USUAL] else wall_hours.read_times(special, times)
        changes = special_days.change_day(session, name, special, spans)
    typer.echo("\n".join(changes or [NOTHING]))


@contextmanager
def _changing(command: str) -> Iterator[Session]:
    with for_accounts(f"collaboration {command}", code=2) as session:
        yield session


def _agree(command: str, agree: Callable[..., list[str]], name: str, code: str, others: Sequence[str]) -> None:
    with _changing(command) as session:
        changes = agree(session, name, code, _listed(others), _today())
        wake_router_later(session)
    typer.echo("\n".join(changes or [NOTHING]))


def _read(hours: Sequence[str] | None) -> list[Opening] | None:
    """No hours at all are `none` alone."""
    return None if hours is None else wall_hours.read(_listed(hours))


def _listed(said: Sequence[str]) -> list[str]:
    """Nobody and nothing are `none` alone."""
    return [] if list(said) == [NO_LIMIT] else list(said)


def _opens(session: Session, one: Collaboration) -> str:
    hours = [] if one.always_open else wall_hours.say(collaborations.hours_of(session, one))
    return ", ".join(hours) or "always"


def _today() -> date:
    return danish(now()).date()
