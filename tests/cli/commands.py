"""Commands of `hotline`, run in this process: a process of its own takes seconds to load what this one has loaded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

import structlog
from typer.testing import CliRunner, Result

from hotline.cli import commands
from tests.conftest import forget

app = commands()


def hotline(*arguments: str, said: str | bytes = "", **env: str) -> Result:
    """Run a command with these HOTLINE_* variables set besides; its exit code and what it printed."""
    aside = {"HOTLINE_POLICY": None} if "HOTLINE_POLICY" in os.environ else {}
    with as_if_alone():
        done = copy_context().run(CliRunner().invoke, app, arguments, input=said, env=aside | env)
    if not isinstance(done.exception, SystemExit | None):
        raise done.exception
    return done


def failure(*arguments: str, code: int = 1, **env: str) -> str:
    """The one line that a command which cannot do its work leaves."""
    done = hotline(*arguments, **env)
    assert done.exit_code == code, (done.exit_code, done.stdout, done.stderr)
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    return line


@contextmanager
def as_if_alone() -> Iterator[None]:
    """What a command reads anew in a process of its own it reads anew here, and what it leaves there is taken back."""
    logging = structlog.get_config() if structlog.is_configured() else None
    forget()
    try:
        yield
    finally:
        forget()
        structlog.configure(**logging) if logging else structlog.reset_defaults()
