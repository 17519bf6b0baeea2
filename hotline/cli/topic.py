"""`hotline topic`: which topics are taken in now."""

from typing import Annotated

import typer
from sqlmodel import Session, col, func, select

from hotline.cli.frame import failure, for_accounts, table
from hotline.directory.models import AgentSkill, Topic
from hotline.directory.topics import close_topic, open_topic
from hotline.live import wake_router_later
from hotline.settings import settings

topic = typer.Typer(name="topic", help="Topics, which open and close while the hotline runs.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The topic's word in addresses and keys, `passport`.")]


@topic.command("list")
def list_() -> None:
    """List every topic: whether it is open, and how many agents have the skill for it."""
    rows: list[tuple[str, ...]] = [("topic", "open", "agents", "name")]
    with for_accounts("topic list") as session:
        rows += [
            (one.slug, "yes" if one.open else "no", str(_agents(session, one.slug)), one.name)
            for one in session.exec(select(Topic).order_by(col(Topic.slug)))
        ]
    typer.echo(table(rows))


@topic.command("open")
def open_(
    slug: Slug,
    name: Annotated[str | None, typer.Option(help="For a new topic: its name in Danish.")] = None,
    name_en: Annotated[str | None, typer.Option(help="And in English.")] = None,
    like: Annotated[str | None, typer.Option(help="Whoever has the skill for this other topic gets it.")] = None,
) -> None:
    """Take in inquiries about a topic from now on; a new one is made of both names."""
    with for_accounts("topic open", 2) as session:
        given = open_topic(session, slug, name, name_en, like)
        wake_router_later(session)
    typer.echo(f"{slug} is open" + (f"; {given} more agents have the skill" if like else ""))


@topic.command()
def close(slug: Slug) -> None:
    """Take in no more about a topic; what waits is still answered."""
    with for_accounts("topic close", 2) as session:
        close_topic(session, slug)
    typer.echo(f"{slug} is closed")


@topic.command()
def keywords(slug: Annotated[str | None, typer.Argument(help="Of this topic alone.")] = None) -> None:
    """List the words that point to a topic, with their weights: what ships, and HOTLINE_KEYWORDS_FILE."""
    from hotline.classification import examples

    words = [(one, "") for one in examples.keywords()]
    if file := settings().keywords_file:
        try:
            words += [(one, "own") for one in examples.own_keywords(file)]
        except (OSError, ValueError) as wrong:
            raise failure("topic keywords", getattr(wrong, "strerror", None) or str(wrong), 2) from None
    rows = [(one.topic, f"{one.weight:g}", one.text, own) for one, own in words if slug in (None, one.topic)]
    if not rows:
        raise failure("topic keywords", f"there are none for `{slug}`", 2)
    typer.echo(table([("topic", "weight", "word", ""), *rows]))


def _agents(session: Session, slug: str) -> int:
    return session.exec(select(func.count()).where(col(AgentSkill.topic) == slug)).one()
