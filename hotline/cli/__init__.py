"""The commands of `hotline`, a module each, of which a process loads the one it is asked for.

The web application and the classifier they import when they run.
"""

from importlib import import_module

import typer
from pydantic import ValidationError

from hotline.cli.one_line import OneLine
from hotline.settings import settings

# In the order in which the help shows them.
COMMANDS = (
    *("demo", "serve", "worker", "router", "ari", "migrate", "seed", "check", "classify", "train"),
    *("evaluate", "explain", "scenario", "simulate", "staffing", "retain", "traffic"),
    *("keys", "integrators", "people", "directory", "collaboration", "cvr", "citizen", "inquiry", "statistics"),
    *("roster", "settlement", "topic", "mailboxes", "sms", "bench"),
)


def commands(asked: str | None = None) -> typer.Typer:
    """`hotline` as whoever asks for this command needs it: with that one, or with all where there is none like it."""
    app = typer.Typer(
        name="hotline",
        cls=OneLine,
        help="Municipalities answer their citizens together.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,
        rich_markup_mode=None,
    )
    app.callback()(_settings_first)
    for name in [asked] if asked in COMMANDS else COMMANDS:
        one = getattr(import_module(f"{__name__}.{name}"), name)
        if isinstance(one, typer.Typer):
            app.add_typer(one)
        else:
            app.command()(one)
    return app


def _settings_first() -> None:
    """Municipalities answer their citizens together."""
    try:
        settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        name = f"HOTLINE_{wrong['loc'][0]}".upper()
        typer.echo(f"hotline: {name} cannot be used: {wrong['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from None
