"""`hotline explain`: why an inquiry went where it did, in a sentence each."""

from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import Session, col, select

from hotline.board.explanation import explanation
from hotline.board.sentences import sentences
from hotline.cli.frame import failure, for_command, language
from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.web.formats import Formats
from hotline.web.language import translator


def explain(
    inquiry: Annotated[str, typer.Argument(help="Its reference, H-XXXX-XXXX, or its id.")],
    json: Annotated[bool, typer.Option("--json", help="The same as codes and figures.")] = False,
) -> None:
    """Say why an inquiry was offered to whom it was and not to others, and why it waits."""
    with for_command("explain") as session:
        found = _inquiry(session, inquiry.strip())
        if found is None:
            raise failure("explain", f"there is no inquiry {inquiry}")
        told = explanation(session, found, now())
    if json:
        typer.echo(told.model_dump_json())
        return
    t = translator(language())
    lines = sentences(told, t, Formats(language()))
    typer.echo(f"{told.reference} {t(f'inquiry.state.{told.state}')}")
    typer.echo("\n".join(lines or [t("explanation.nothing")]))


def _inquiry(session: Session, said: str) -> Inquiry | None:
    """Of the few that share a reference the newest."""
    wanted = select(Inquiry).order_by(col(Inquiry.id).desc())
    try:
        return session.exec(wanted.where(Inquiry.id == UUID(said))).first()
    except ValueError:
        return session.exec(wanted.where(col(Inquiry.reference) == said.upper())).first()
