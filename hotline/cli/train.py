"""hotline train: makes the reader's models from config/training."""

import time
from typing import Annotated

import typer

from hotline.cli.frame import failure, for_command, with_keywords
from hotline.settings import settings


def train(
    linear: Annotated[bool, typer.Option("--linear", help="Only the model that needs no embedding.")] = False,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="Train nothing: read without what the last night taught, for good.")
    ] = False,
) -> None:
    """Train the reader from config/training and topics.toml, and keep it in the data folder."""
    if take_back:
        _take_back()
        return
    from hotline.classification import artefact, embedding

    folder = settings().data_dir / "models"
    begun = time.monotonic()

    def say(line: str) -> None:
        typer.echo(f"{time.monotonic() - begun:5.1f} s  {line}")

    with with_keywords("train"):
        artefact.linear(folder, say)
    say("the linear model is ready")
    if linear:
        return
    if reason := embedding.why_not():
        say(f"no joined model: {reason}")
        return
    if artefact.joined(folder) is None:
        artefact.make_joined(folder, say)
    say("the joined model is ready")


def _take_back() -> None:
    """The workers read without it within seconds; it is never learned from again."""
    from hotline.classification import night

    with for_command("train") as session:
        if (taken := night.take_back(session)) is None:
            raise failure("train", "nothing that a night taught is live")
    typer.echo(f"taken back: what night {taken} taught")
