"""`hotline mailboxes`: which mailboxes the hotline looks into and answers from."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from hotline.access.models import Integrator
from hotline.cli.frame import failure, for_accounts, table, wall
from hotline.clock import now
from hotline.directory.errors import UnknownMunicipality, UnknownTopic
from hotline.directory.models import Municipality, Topic
from hotline.integrations.mail.models import AlertAddress, MailAddress, Mailbox
from hotline.integrations.mail.servers import parts
from hotline.privacy import subjects
from hotline.statistics.alerts import Kind

mailboxes = typer.Typer(
    name="mailboxes", help="Mailboxes that are looked into and answered from.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="The mailbox's name; citizens read it as the sender of answers.")]
Address = Annotated[str, typer.Option(help="The address that citizens write to.")]
Code = Annotated[str, typer.Option("--municipality", help="The code of the municipality whose citizens write there.")]
Slug = Annotated[str | None, typer.Option("--topic", help="What they write about, where the address says it.")]


@mailboxes.command()
def add(
    name: Name,
    address: Address,
    municipality: Code,
    imap: Annotated[str, typer.Option(help="imaps://host, or imap://host where it says STARTTLS.")],
    smtp: Annotated[str, typer.Option(help="smtps://host, or smtp://host where it says STARTTLS.")],
    user: Annotated[str, typer.Option(help="The user name at both.")],
    password_file: Annotated[Path, typer.Option(help="A file with the password, on every machine with workers.")],
    topic: Slug = None,
    by_token: Annotated[
        bool, typer.Option("--token", help="The file holds an access token for XOAUTH2, which you keep fresh.")
    ] = False,
) -> None:
    """Look into a mailbox from now on; nothing in it is changed."""
    for url, schemes in ((imap, ("imap", "imaps")), (smtp, ("smtp", "smtps"))):
        if not _is_address(url, schemes):
            raise typer.BadParameter(f"`{url}` is no address like {schemes[1]}://mail.example.dk")
    written = _written(address)
    with for_accounts("mailboxes add") as session:
        if session.exec(select(Mailbox).where(Mailbox.name == name)).first() is not None:
            raise failure("mailboxes add", f"there is a mailbox `{name}` already")
        integrator = Integrator(name=name)
        session.add(integrator)
        session.flush()
        assert integrator.id is not None
        made = Mailbox(
            name=name,
            integrator_id=integrator.id,
            address=written,
            imap=imap,
            smtp=smtp,
            username=user,
            password_file=str(password_file.absolute()),
            by_token=by_token,
            made_at=now(),
            due_at=now(),
        )
        session.add(made)
        session.flush()
        _address(session, made, written, municipality, topic)
    typer.echo(f"{name}: looked into from now on, answered as {written}")


@mailboxes.command()
def address(name: Name, address: Address, municipality: Code, topic: Slug = None) -> None:
    """Say whose citizens write to another address whose mail comes into the same mailbox."""
    written = _written(address)
    with for_accounts("mailboxes address") as session:
        _address(session, _called(session, name), written, municipality, topic)
    typer.echo(f"{written}: {municipality}{f', {topic}' if topic else ''}")


@mailboxes.command()
def alerts(
    name: Name,
    kind: Annotated[Kind, typer.Option(help="Which rule of config/alerts.toml.")],
    to: Annotated[str, typer.Option(help="The address that is told when such an alert begins, and when it ends.")],
    end: Annotated[bool, typer.Option("--end", help="Tell it no more.")] = False,
) -> None:
    """Have a mailbox tell an address of alerts."""
    written = _written(to)
    with for_accounts("mailboxes alerts") as session:
        mailbox = _called(session, name)
        assert mailbox.id is not None
        there = session.get(AlertAddress, (str(kind), written))
        if end and there is None:
            raise failure("mailboxes alerts", f"{written} is not told of `{kind}`")
        if end:
            session.delete(there)
        else:
            told = there or AlertAddress(kind=kind, address=written, mailbox_id=mailbox.id)
            told.mailbox_id = mailbox.id
            session.add(told)
    typer.echo(f"{written}: {'no more told' if end else 'told'} of `{kind}` by {name}")


@mailboxes.command()
def end(name: Name) -> None:
    """Look into it no more, and send nothing more from it."""
    with for_accounts("mailboxes end") as session:
        found = _called(session, name)
        found.active = False
        session.add(found)
    typer.echo(f"{name}: ended")


@mailboxes.command()
def resume(name: Name) -> None:
    """Look into it again, after an end or at once after something was mended."""
    with for_accounts("mailboxes resume") as session:
        found = _called(session, name)
        found.active, found.due_at, found.failures = True, now() - timedelta(seconds=1), 0
        session.add(found)
    typer.echo(f"{name}: looked into again")


@mailboxes.command("list")
def list_() -> None:
    """List every mailbox: its addresses, when it was looked into last, and what was wrong."""
    rows: list[tuple[str, ...]] = [("mailbox", "state", "looked into", "address", "municipality", "topic")]
    both = select(Mailbox, MailAddress).join(MailAddress, col(MailAddress.mailbox_id) == col(Mailbox.id))
    with for_accounts("mailboxes list") as session:
        for box, one in session.exec(both.order_by(Mailbox.name, MailAddress.address)):
            state = "ended" if not box.active else f"{box.why} ({box.failures}x)" if box.failures else "well"
            rows.append((box.name, state, wall(box.looked_at), one.address, one.municipality, one.topic or "read"))
    typer.echo(table(rows))


def _address(session: Session, mailbox: Mailbox, address: str, municipality: str, topic: str | None) -> None:
    if session.get(Municipality, municipality) is None:
        raise UnknownMunicipality(code=municipality)
    if topic and session.get(Topic, topic) is None:
        raise UnknownTopic(topic)
    assert mailbox.id is not None
    there = session.get(MailAddress, address) or MailAddress(address=address, mailbox_id=mailbox.id, municipality="")
    there.mailbox_id, there.municipality, there.topic = mailbox.id, municipality, topic
    session.add(there)
    session.flush()


def _called(session: Session, name: str) -> Mailbox:
    found = session.exec(select(Mailbox).where(Mailbox.name == name)).first()
    if found is None:
        raise failure("mailboxes", f"there is no mailbox `{name}`")
    return found


def _written(address: str) -> str:
    known_as = subjects.email(address)
    if known_as is None or not known_as.isascii():
        raise typer.BadParameter(f"`{address}` is no mail address")
    return known_as


def _is_address(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        return parts(url)[0] in schemes
    except ValueError:
        return False
