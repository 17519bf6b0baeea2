"""`hotline sms`: the gateways by which SMS come in and are answered."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text
from sqlmodel import Session

from hotline.access import keys
from hotline.cli.frame import failure, for_accounts, table
from hotline.clock import now
from hotline.directory.errors import UnknownMunicipality, UnknownTopic
from hotline.directory.models import Municipality, Topic
from hotline.integrations.errors import AddressNotAllowed
from hotline.integrations.sms.models import SmsGateway
from hotline.integrations.transport import check

sms = typer.Typer(name="sms", help="Gateways by which SMS come in and are answered.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The integrator with whose key the gateway comes in.")]

LISTED = text("""
    SELECT i.name, g.active, g.url, g.municipality, g.topic, count(*) FILTER (WHERE s.state = 'waiting') AS waiting,
           count(*) FILTER (WHERE s.state = 'failed') AS failed, (array_agg(s.why ORDER BY s.message_id DESC)
               FILTER (WHERE s.why IS NOT NULL))[1] AS why
    FROM sms_gateway g JOIN integrator i ON i.id = g.integrator_id LEFT JOIN sent_sms s USING (integrator_id)
    GROUP BY i.name, g.integrator_id ORDER BY i.name
""")


@sms.command()
def add(
    name: Name,
    url: Annotated[str, typer.Option(help="Where the gateway takes messages: what stands before /messages.")],
    user: Annotated[str, typer.Option(help="The user name at the gateway.")],
    password_file: Annotated[Path, typer.Option(help="A file with its password, on every machine with workers.")],
    municipality: Annotated[str, typer.Option(help="The code of the municipality whose citizens write there.")],
    topic: Annotated[str | None, typer.Option(help="What they write about, where the number says it.")] = None,
) -> None:
    """Take in what this integrator's gateway tells, and have it send the answers; told again, as it is said now."""
    try:
        check(url)
    except AddressNotAllowed as error:
        raise failure("sms add", f"`{url}` is not allowed: {error.members['why']}") from None
    with for_accounts("sms add") as session:
        if session.get(Municipality, municipality) is None:
            raise UnknownMunicipality(code=municipality)
        if topic and session.get(Topic, topic) is None:
            raise UnknownTopic(topic)
        integrator_id = _integrator(session, name)
        as_said = SmsGateway(
            integrator_id=integrator_id,
            url=url,
            username=user,
            password_file=str(password_file.absolute()),
            municipality=municipality,
            topic=topic,
            made_at=now(),
        )
        found = session.get(SmsGateway, integrator_id)
        if found is None:
            session.add(as_said)
        else:
            for name_of in ("url", "username", "password_file", "municipality", "topic", "active"):
                setattr(found, name_of, getattr(as_said, name_of))
    typer.echo(f"{name}: taken in and answered from now on")


@sms.command()
def end(name: Name) -> None:
    """Take in nothing more from it, and send nothing more by it."""
    with for_accounts("sms end") as session:
        found = session.get(SmsGateway, _integrator(session, name))
        if found is None:
            raise failure("sms end", f"`{name}` has no gateway")
        found.active = False
        session.add(found)
    typer.echo(f"{name}: ended")


@sms.command("list")
def list_() -> None:
    """List every gateway: what waits to be sent by it, what it has not sent, and what the last trouble was."""
    rows: list[tuple[str, ...]] = [("gateway", "state", "address", "municipality", "topic", "waiting", "failed", "why")]
    with for_accounts("sms list") as session:
        for one in session.execute(LISTED):
            state, topic = "on" if one.active else "ended", one.topic or "read"
            numbers = str(one.waiting), str(one.failed)
            rows.append((one.name, state, one.url, one.municipality, topic, *numbers, one.why or ""))
    typer.echo(table(rows))


def _integrator(session: Session, name: str) -> int:
    integrator, _ = keys.of(session, name)
    assert integrator.id is not None
    return integrator.id
