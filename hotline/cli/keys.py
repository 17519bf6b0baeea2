"""`hotline keys`: the key ring that guards citizens' identities."""

from datetime import timedelta
from typing import Annotated

import typer

from hotline.cli.frame import failure, for_command
from hotline.clock import now
from hotline.lanes import enqueue
from hotline.privacy import ring
from hotline.privacy.reseal import sealed_with
from hotline.settings import settings

keys = typer.Typer(name="keys", help="The key ring that guards citizens' identities.", no_args_is_help=True)


@keys.command()
def make() -> None:
    """Make a key ring with one key, at HOTLINE_KEYS_FILE or in the data folder; never touches one that is there.

    Copy it to every machine that runs a web process or worker, and keep it apart from the database's backups.
    """
    path = settings().key_ring
    if path.exists():
        raise failure("keys make", f"there is one already at {path}")
    try:
        ring.make(path)
    except OSError as error:
        raise failure("keys make", f"{path}: {error.strerror}") from None
    typer.echo(f"made {path}")


@keys.command()
def rotate(
    in_seconds: Annotated[
        int,
        typer.Option("--in", min=0, help="Seconds until the new key seals: long enough to copy the file elsewhere."),
    ] = 10,
) -> None:
    """Add a key to the ring while the hotline runs; workers then seal again what older keys have sealed.

    Every process reads the file anew when it has changed. An old key stays until `hotline keys retire`.
    """
    begins = now() + timedelta(seconds=in_seconds)
    try:
        number = ring.rotate(settings().key_ring, begins)
    except (OSError, ValueError, ring.RingError) as error:
        raise failure("keys rotate", str(error)) from None
    enqueue("reseal")
    typer.echo(f"key {number} seals from {begins:%Y-%m-%d %H:%M:%S} UTC on")


@keys.command()
def status() -> None:
    """Say which key seals, and how many fields each key has sealed."""
    held = _ring("keys status")
    sealing = held.sealing(now())
    for number, fields in sorted((dict.fromkeys(held.keys, 0) | _sealed_with("keys status")).items()):
        begins = held.begins.get(number)
        said = (
            "seals now" if number == sealing else f"from {begins:%Y-%m-%d %H:%M:%S} UTC" if number > sealing else "old"
        )
        typer.echo(f"key {number}: {fields} fields, {said if number in held.keys else 'NOT IN THE RING'}")


@keys.command()
def retire(
    number: Annotated[int, typer.Argument(help="The number of the key, as `hotline keys status` shows it.")],
) -> None:
    """Take an old key out of the ring, where nothing is sealed with it any more.

    Backups of the database that are older than its end can be read with a copy of the ring of then alone.
    """
    _ring("keys retire")
    left = _sealed_with("keys retire").get(number, 0)
    if left:
        raise failure("keys retire", f"{left} fields are sealed with key {number}; workers are at it (lane reseal)")
    try:
        ring.retire(settings().key_ring, number, now())
    except (OSError, ValueError, ring.RingError) as error:
        raise failure("keys retire", str(error)) from None
    typer.echo(f"key {number} is gone")


@keys.callback()
def _group() -> None:
    """The key ring that guards citizens' identities."""


def _ring(command: str) -> ring.KeyRing:
    try:
        return ring.load(settings().key_ring)
    except (OSError, ValueError) as error:
        raise failure(command, str(error)) from None


def _sealed_with(command: str) -> dict[int, int]:
    with for_command(command) as session:
        return sealed_with(session)
