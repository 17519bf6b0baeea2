"""`hotline check`: is everything in order?"""

import typer

from hotline.cli.first import check_safe


def check() -> None:
    """Say of keys, database, migrations, tenancy, rows, logins, Redis and workers whether each is in order.

    Exit 1 if any is not, or where a server on another machine is reached without password and TLS.
    """
    from hotline.cli.safe import in_the_clear
    from hotline.settings import settings
    from hotline.web.health import failures

    check_safe("check")
    found = failures()
    for name, wrong in found.items():
        typer.echo(f"{name}: {wrong or 'ok'}")
    typer.echo(
        f"cookies: {in_the_clear(settings()) or 'ok'}"
    )  # to be known; on a laptop there is nothing wrong with it
    if any(found.values()):
        raise typer.Exit(1)
