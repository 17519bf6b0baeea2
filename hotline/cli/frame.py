"""What commands share: one transaction, one clear line when it cannot be, spans of time and tables."""

import getpass
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session

from hotline.clock import danish
from hotline.db import transaction
from hotline.errors import HotlineError
from hotline.settings import settings
from hotline.tenant import at_accounts, at_work
from hotline.web.language import LANGUAGES

SPAN = re.compile(r"([0-9]{1,6})([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@contextmanager
def for_command(command: str, code: int = 1) -> Iterator[Session]:
    """One transaction for `hotline <command>`; what refuses it ends the command with one line and nothing changed.

    `code` is the exit code where what was asked for cannot be done; without a database it is 1.
    """
    with database_used_by(command, code), transaction(at_work(f"command by {account()}")) as session:
        yield session


@contextmanager
def for_accounts(command: str, code: int = 1) -> Iterator[Session]:
    """The same for a command that changes who may come in, or which municipalities answer together."""
    with database_used_by(command, code), transaction(at_accounts(f"command by {account()}")) as session:
        yield session


def account() -> str:
    """Whose command it is: the account of the machine that runs it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"


def language() -> str:
    """The language of whoever runs the command, as their terminal says; English where it says none of ours."""
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return said[:2] if said[:2] in LANGUAGES else "en"


def failure(command: str, line: str, code: int = 1) -> typer.Exit:
    """Say on standard error why the command cannot be done; raise what this returns."""
    typer.echo(f"hotline {command}: {line}", err=True)
    return typer.Exit(code)


def span(said: str) -> timedelta:
    """The span of time that `30m`, `24h` or `90d` stands for. Raises typer.BadParameter."""
    found = SPAN.fullmatch(said)
    if found is None:
        raise typer.BadParameter(f"`{said}` is no span of time like 30m, 24h or 90d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def day(said: str) -> date:
    """The day that `2026-12-31` stands for. Raises typer.BadParameter."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise typer.BadParameter(f"`{said}` is no day like 2026-12-31") from None


def wall(moment: datetime | None, never: str = "never") -> str:
    """A moment as a Danish wall clock shows it, to the minute."""
    return f"{danish(moment):%Y-%m-%d %H:%M}" if moment else never


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """The rows, the first of them the headings, in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


@contextmanager
def database_used_by(command: str, code: int = 1) -> Iterator[None]:
    """Around what a command does in transactions of its own: what refuses it ends the command with one line."""
    try:
        yield
    except HotlineError as error:
        raise failure(command, error.line(language()), code) from None
    except OperationalError as error:
        raise failure(command, f"the database cannot be used: {_first_line(error)}{_beside_a_demo()}") from None
    except ProgrammingError as error:
        raise failure(
            command, f"the database is not ready, run `hotline migrate` first: {_first_line(error)}"
        ) from None


@contextmanager
def with_keywords(command: str) -> Iterator[None]:
    """Around what makes or loads the reader: what is wrong with one's own keywords ends the command with one line."""
    try:
        yield
    except (OSError, ValueError) as wrong:
        raise failure(command, getattr(wrong, "strerror", None) or str(wrong), 2) from None


@contextmanager
def given(command: str, file: Path) -> Iterator[None]:
    """Around what a command does with this file: what is wrong with it ends the command with one line that names it."""
    try:
        yield
    except HotlineError as error:
        raise failure(command, f"{file}: {error.line(language())}") from None
    except OSError as error:
        raise failure(command, f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise failure(command, f"{file}: it is no UTF-8") from None


def _beside_a_demo() -> str:
    """Where a demo on this machine has said how its database is reached, for whoever named none."""
    told = settings().data_dir / "demo.json"
    if "database_url" in settings().model_fields_set or not told.exists():
        return ""
    return f"; for the demo's, set HOTLINE_DATABASE_URL to the `database_url` of {told}"


def _first_line(error: OperationalError | ProgrammingError) -> str:
    return str(error.orig).strip().splitlines()[0]
