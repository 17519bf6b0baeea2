"""`hotline people`: local accounts, their passwords and their sign-ins."""

import sys
from random import SystemRandom
from typing import Annotated

import typer
from sqlmodel import col, select

from hotline.access import accounts
from hotline.access.ends import end_of
from hotline.access.models import Credential
from hotline.access.passwords import new_password
from hotline.agents.models import Presence
from hotline.agents.presence import say
from hotline.cli.frame import for_accounts, for_command, table, wall
from hotline.clock import now
from hotline.db import enter_accounts
from hotline.directory.in_step import Wanted, leave
from hotline.directory.models import Agent, Person, Role
from hotline.languages import usual
from hotline.offers.give_back import flag_what_they_hold

people = typer.Typer(name="people", help="Local accounts, their passwords and their sign-ins.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="The user name.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it, rather than ask for one.")]


@people.command()
def add(
    username: Username,
    role: Annotated[Role, typer.Option(help="What they are here for.")],
    name: Annotated[
        str | None, typer.Option(help="The name that colleagues read; the user name where left out.")
    ] = None,
    municipality: Annotated[
        str | None, typer.Option(help="The code of their municipality; none for those who serve all.")
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option(help="A topic that an agent can finish, `passport` or `passport:3`; again for more."),
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="A language that an agent speaks; again for more; da where left out.")
    ] = None,
    generate: Generate = False,
) -> None:
    """Add a local account. Its password is asked for, read from standard input, or generated."""
    skills = dict(_skill(one) for one in topic or ())
    languages = tuple(map(usual, language or ("da",))) if role == Role.AGENT else ()
    wanted = Wanted(username, name or username, role, municipality, skills, languages)
    with for_accounts("people add") as session:
        accounts.may_be_added(session, wanted)
    password = _password(generate)
    with for_accounts("people add") as session:
        accounts.add(session, wanted, password, now())
    typer.echo(f"{username}: {password}" if generate else f"added {username}")


@people.command()
def password(username: Username, generate: Generate = False) -> None:
    """Give a person another password; their sign-ins end."""
    with for_accounts("people password") as session:
        accounts.person_called(session, username)
    chosen = _password(generate)
    with for_accounts("people password") as session:
        accounts.set_password(session, accounts.person_called(session, username), chosen, now())
    typer.echo(f"{username}: {chosen}" if generate else f"{username} has another password")


@people.command()
def deactivate(username: Username) -> None:
    """Let a person in no more, from this moment on. What they have in hand is flagged for the secretariat."""
    moment = now()
    with for_command("people deactivate") as session:
        person = accounts.person_called(session, username)
        agent = session.get(Agent, person.id)
        if agent is not None:
            flag_what_they_hold(session, agent.id, moment)
            say(session, agent.id, Presence.OFFLINE, "deactivated", moment)
        enter_accounts(session)
        leave(session, person, moment, end_of)
    typer.echo(f"{username} is deactivated")


@people.command("list")
def list_(
    municipality: Annotated[str | None, typer.Option(help="Only those of the municipality with this code.")] = None,
) -> None:
    """List everybody: role, municipality, whether they may come in, and how."""
    rows: list[tuple[str, ...]] = [("username", "name", "role", "municipality", "state", "signs in")]
    all_of_them = select(Person, Credential).outerjoin(Credential, col(Credential.person_id) == col(Person.id))
    if municipality is not None:
        all_of_them = all_of_them.where(col(Person.municipality) == municipality)
    with for_accounts("people list") as session:
        for person, credential in session.exec(all_of_them.order_by(col(Person.username))):
            state = "active" if person.active else "deactivated"
            way = "password" if credential else "elsewhere"
            rows.append((person.username, person.name, person.role, person.municipality or "all", state, way))
    typer.echo(table(rows))


@people.command()
def sessions(
    username: Username,
    end: Annotated[bool, typer.Option("--end", help="End them all.")] = False,
) -> None:
    """List the sign-ins of a person that last, or end them."""
    with for_accounts("people sessions") as session:
        person = accounts.person_called(session, username)
        if end:
            ended = end_of(session, person.id, now())
            typer.echo("1 sign-in ended" if ended == 1 else f"{ended} sign-ins ended")
            return
        lasting = accounts.sessions_of(session, person, now())
        rows = [("since", "last seen", "until at most")]
        rows += [(wall(one.begun_at), wall(one.seen_at), wall(one.ends_at)) for one in lasting]
    typer.echo(table(rows))


def _skill(said: str) -> tuple[str, int | None]:
    topic, _, level = said.partition(":")
    if level and level not in ("1", "2", "3"):
        raise typer.BadParameter(f"`{said}`: a level is 1, 2 or 3")
    return topic, int(level) if level else None


def _password(generate: bool) -> str:
    """A password by chance, or one that is asked for at a terminal or read as one line from standard input."""
    if generate:
        return new_password(SystemRandom())
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
