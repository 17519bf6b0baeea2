"""`hotline retain`: erase now what is due, and say how much that was."""

import typer


def retain() -> None:
    """Erase what the collaborations' rules let nobody keep any longer. Workers do the same every hour."""
    from sqlalchemy.exc import DBAPIError

    from hotline.clock import now
    from hotline.db import transaction
    from hotline.privacy import retention
    from hotline.tenant import at_work

    more = True
    while more:
        try:
            with transaction(at_work("retention")) as session:
                done = retention.retain(session, now())
                more = retention.more_is_due(done)
        except DBAPIError as error:
            said = str(error.orig).strip().splitlines()[0]
            typer.echo(f"hotline retain: the database cannot be used: {said}", err=True)
            raise typer.Exit(1) from None
        typer.echo(
            f"erased: {done.identities} identities, {done.kept_cpr} CPR numbers, {done.texts} texts, "
            f"{done.notes} notes, {done.request_keys} request keys, {done.lookups} look-ups; "
            f"held back for handover: {done.held_back}"
        )
