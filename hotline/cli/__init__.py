"""The commands of `hotline`, one module each; what is heavy they import when they run, so that each starts quickly."""

import typer

from hotline.cli.check import check
from hotline.cli.classify import classify
from hotline.cli.demo import demo
from hotline.cli.keys import keys
from hotline.cli.migrate import migrate
from hotline.cli.router import router
from hotline.cli.seed import seed
from hotline.cli.serve import serve
from hotline.cli.traffic import traffic
from hotline.cli.worker import worker

app = typer.Typer(
    name="hotline",
    help="Municipalities answer their citizens together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
for command in (demo, serve, worker, router, migrate, seed, check, classify, traffic):
    app.command()(command)
app.add_typer(keys)
