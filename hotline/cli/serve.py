"""`hotline serve`: one web process."""

from contextlib import suppress
from typing import Annotated

import typer

from hotline.cli.first import call_it, check_database, check_keys, check_policy, check_safe, check_sign_in
from hotline.cli.frame import failure
from hotline.cli.safe import host_of, in_the_clear
from hotline.settings import settings


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
    fd: Annotated[
        int | None, typer.Option(help="An open socket to listen on instead, handed down by its number.")
    ] = None,
) -> None:
    """Answer HTTP: the API, the console and the pages. Start as many as there are cores."""
    from hotline.app import create_app
    from hotline.garbage import leave_what_is_there
    from hotline.logs import begin
    from hotline.web.server import Server

    begin("web")
    call_it("web")
    check_policy("serve")
    check_sign_in("serve")
    try:
        listens = host if fd is None else host_of(fd)
    except (OSError, OverflowError) as error:
        raise failure("serve", f"--fd {fd} is no open socket: {error}") from None
    check_safe("serve", listens)
    check_keys("serve")
    check_database("serve")
    if notice := in_the_clear(settings()):
        typer.echo(f"hotline serve: {notice}", err=True)
    server = Server(
        create_app(),
        fd=fd,
        begun=leave_what_is_there,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        proxy_headers=True,
        timeout_graceful_shutdown=3,
    )
    with suppress(KeyboardInterrupt):  # uvicorn raises it once more when all is done
        server.run()
    if not server.started:
        raise typer.Exit(1)
