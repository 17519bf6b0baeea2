"""`hotline retain`: erase now what is due, and say how much that was."""

import typer

from hotline.cli.frame import for_command
from hotline.clock import now
from hotline.privacy import retention


def retain() -> None:
    """Erase what the collaborations' rules let nobody keep any longer. Workers do the same every hour."""
    more = True
    while more:
        with for_command("retain") as session:
            done = retention.retain(session, now())
            more = retention.more_is_due(done)
        typer.echo(
            f"erased: {done.identities} identities, {done.kept_cpr} CPR numbers, {done.texts} texts, "
            f"{done.notes} notes, {done.request_keys} request keys, {done.reasons} reasons, {done.lookups} look-ups; "
            f"held back for handover: {done.held_back}"
        )
