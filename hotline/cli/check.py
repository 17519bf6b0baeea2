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
    if any(found.values()):
        raise typer.Exit(1)
