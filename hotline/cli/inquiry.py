"""`hotline inquiry`: what is in somebody's hands, given back to the queue or ended by an operator."""

from typing import Annotated

import typer
from sqlmodel import Session, col, select

from hotline.board.held import held
from hotline.cli.frame import failure, for_command, table
from hotline.clock import now
from hotline.errors import HotlineError
from hotline.handling import leads
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.states import HELD

inquiry = typer.Typer(name="inquiry", help="What is in somebody's hands.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="As the hotline shows it, H-XXXX-XXXX.")]
Reason = Annotated[str, typer.Option(help="Why; whoever answers it next reads that.")]


@inquiry.command("held")
def list_held() -> None:
    """List what is in hand: those who are gone first, then what has been held for longest."""
    rows: list[tuple[str, ...]] = [("reference", "channel", "topic", "with", "minutes", "agent is")]
    with for_command("inquiry held") as session:
        for one in held(session, now(), None):
            there = "gone" if one.has_left else "away" if one.away else "there"
            rows.append((one.reference, one.channel, one.topic, one.agent, f"{one.held_seconds // 60:.0f}", there))
    typer.echo(table(rows))


@inquiry.command()
def release(reference: Reference, reason: Reason) -> None:
    """Give an inquiry back to the queue, at its age."""
    with for_command("inquiry release") as session:
        found = _inquiry(session, "inquiry release", reference)
        try:
            leads.release(session, found, None, _said("inquiry release", reason), now())
        except HotlineError as error:
            raise failure("inquiry release", f"{reference}: {error.detail}") from None
    typer.echo(f"{found.reference} waits again")


@inquiry.command()
def close(
    reference: Reference,
    reason: Reason,
    outcome: Annotated[Outcome, typer.Option(help="How it ended.")] = Outcome.OTHER,
) -> None:
    """End an inquiry that somebody has in hand."""
    with for_command("inquiry close") as session:
        found = _inquiry(session, "inquiry close", reference)
        try:
            leads.close(session, found, None, outcome, _said("inquiry close", reason), now())
        except HotlineError as error:
            raise failure("inquiry close", f"{reference}: {error.detail}") from None
    typer.echo(f"{found.reference} is closed")


@inquiry.callback()
def _group() -> None:
    """What is in somebody's hands."""


def _inquiry(session: Session, command: str, reference: str) -> Inquiry:
    wanted = select(Inquiry).where(col(Inquiry.reference) == reference.strip().upper()).with_for_update()
    found = session.exec(wanted).all()
    in_hand = [one for one in found if one.state in HELD]
    if not found:
        raise failure(command, f"there is no inquiry {reference}")
    if len(in_hand) > 1:  # of a million inquiries about one pair shares its reference
        raise failure(command, f"{reference} are two in somebody's hands; take the right one at /held")
    return (in_hand or list(found))[0]


def _said(command: str, reason: str) -> str:
    said = reason.strip()
    if not 0 < len(said) <= 200 or "\0" in said:
        raise failure(command, "--reason takes 1 to 200 characters", code=2)
    return said
