"""`hotline check`: is everything in order?"""

from itertools import groupby

import typer

from hotline.cli.first import check_safe


def check() -> None:
    """Say of keys, settings, Redis, database, rows, logins, workers and what waits whether each is in order.

    Exit 1 if any is not, or where a server on another machine is reached without password and TLS.
    """
    from hotline.cli.safe import in_the_clear
    from hotline.settings import settings
    from hotline.web.checks import failures

    check_safe("check")
    found = failures()
    for wrong, names in groupby(found, key=found.get):
        for name in [", ".join(names)] if wrong else names:  # the same is said once
            typer.echo(f"{name}: {wrong or 'ok'}")
    typer.echo(
        f"cookies: {in_the_clear(settings()) or 'ok'}"
    )  # to be known; on a laptop there is nothing wrong with it
    typer.echo(f"reader: {_read_with()}")
    if any(found.values()):
        raise typer.Exit(1)


def _read_with() -> str:
    """Which reader is live here; nothing is wrong with any."""
    from hotline.classification.standing import standing
    from hotline.db import transaction
    from hotline.settings import settings
    from hotline.tenant import at_work

    try:
        with transaction(at_work("check")) as session:
            return standing(session, settings().data_dir / "models")
    except Exception as error:  # what is wrong with the database has a line of its own
        return type(error).__name__
