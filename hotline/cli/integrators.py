"""`hotline integrators`: phone systems, forms and bots, and their keys."""

from datetime import timedelta
from typing import Annotated

import typer
from sqlmodel import col, select

from hotline.access import keys
from hotline.access.keys import Grant, Scope
from hotline.access.models import ApiKey, Integrator
from hotline.citizens import own_key
from hotline.cli.frame import failure, for_accounts, span, table, wall
from hotline.clock import now
from hotline.directory.errors import UnknownMunicipality
from hotline.directory.models import Municipality
from hotline.inquiries.models import Channel
from hotline.settings import settings

integrators = typer.Typer(
    name="integrators", help="Phone systems, forms and bots, and the keys they come in with.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="The integrator's name.")]


@integrators.command()
def add(
    name: Name,
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What the key may do; again for more; intake and read where left out.")
    ] = None,
    municipality: Annotated[
        list[str] | None,
        typer.Option(
            help="The code of a municipality that the key is bound to; again for more; all members where left out."
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option(help="How long the key holds: 90d, 24h; for ever where left out.")
    ] = None,
) -> None:
    """Add an integrator, and print its key: once, for only its hash is kept."""
    moment = now()
    ends_at = moment + _positive(span(expires)) if expires else None
    with for_accounts("integrators add") as session:
        for code in municipality or ():
            if session.get(Municipality, code) is None:
                raise UnknownMunicipality(code=code)
        grant = Grant(tuple(scope or (Scope.INTAKE, Scope.READ)), tuple(municipality or ()), ends_at)
        key = keys.add(session, name, grant, moment)
    typer.echo(key)


@integrators.command()
def citizens() -> None:
    """Write a key for the citizens' own pages to HOTLINE_CITIZENS_KEY_FILE, where none in force stands there."""
    path = settings().citizens_key_file
    if path is None:
        raise failure("integrators citizens", "HOTLINE_CITIZENS_KEY_FILE names no file")
    try:
        with for_accounts("integrators citizens") as session:
            made = own_key.make(session, path, now())
    except OSError as error:
        raise failure("integrators citizens", f"{error.filename}: {error.strerror}") from None
    typer.echo(f"made a key of {own_key.NAME} at {path}" if made else f"the key at {path} is in force")


@integrators.command("list")
def list_() -> None:
    """List every key: whose, how it begins, what it may do, for whom, until when, and when it was used last."""
    moment = now()
    rows: list[tuple[str, ...]] = [("integrator", "key", "state", "scopes", "municipalities", "made", "ends", "used")]
    both = select(Integrator, ApiKey).join(ApiKey, col(ApiKey.integrator_id) == col(Integrator.id))
    with for_accounts("integrators list") as session:
        for integrator, key in session.exec(both.order_by(col(Integrator.name), col(ApiKey.made_at).desc())):
            rows.append(
                (
                    integrator.name,
                    key.prefix,
                    "in force" if keys.in_force(key, moment) and integrator.active else "ended",
                    ",".join(key.scopes),
                    ",".join(key.municipalities) or "all",
                    wall(key.made_at),
                    wall(key.ends_at),
                    wall(key.last_used_at),
                )
            )
    typer.echo(table(rows))


@integrators.command()
def rotate(
    name: Name,
    overlap: Annotated[str, typer.Option(help="How long the keys before it still hold: 30m, 24h, 7d.")] = "24h",
) -> None:
    """Print a new key that may do what the newest one may; those before it end after the overlap."""
    with for_accounts("integrators rotate") as session:
        key = keys.rotate(session, name, span(overlap), now())
    typer.echo(key)


@integrators.command()
def revoke(
    name: Name,
    key: Annotated[str | None, typer.Option(help="How the one key begins that ends; all where left out.")] = None,
) -> None:
    """End an integrator's keys, or one of them. Web processes notice within five seconds."""
    with for_accounts("integrators revoke") as session:
        ended = keys.revoke(session, name, key, now())
    typer.echo("1 key ended" if ended == 1 else f"{ended} keys ended")


@integrators.command()
def answers(
    name: Name,
    channel: Annotated[list[Channel], typer.Option(help="Which inquiries; again for more.")],
    at: Annotated[
        str | None,
        typer.Option(help="Where, with {external_id} or {reference} in the address; left out, here again."),
    ] = None,
) -> None:
    """Say where what comes by a channel is answered, until the integrator carries answers itself."""
    if at is not None and not at.startswith(("https://", "http://")):
        raise typer.BadParameter("an address begins with https://")
    with for_accounts("integrators answers") as session:
        integrator, _ = keys.of(session, name)
        others = {one: where for one, where in integrator.answered_in.items() if one not in channel}
        integrator.answered_in = others | ({str(one): at for one in channel} if at else {})
        session.add(integrator)
    typer.echo(f"{', '.join(channel)} of {name}: answered {f'at {at}' if at else 'here'}")


def _positive(lasting: timedelta) -> timedelta:
    if not lasting:
        raise typer.BadParameter("a key must hold for a while")
    return lasting
