"""The commands of `hotline`, one module each; the web application and the classifier they import when they run."""

import typer
from pydantic import ValidationError

from hotline.cli.ari import ari
from hotline.cli.bench import bench
from hotline.cli.check import check
from hotline.cli.citizen import citizen
from hotline.cli.classify import classify
from hotline.cli.collaboration import collaboration
from hotline.cli.cvr import cvr
from hotline.cli.demo import demo
from hotline.cli.directory import directory
from hotline.cli.evaluate import evaluate
from hotline.cli.explain import explain
from hotline.cli.inquiry import inquiry
from hotline.cli.integrators import integrators
from hotline.cli.keys import keys
from hotline.cli.mailboxes import mailboxes
from hotline.cli.migrate import migrate
from hotline.cli.one_line import OneLine
from hotline.cli.people import people
from hotline.cli.retain import retain
from hotline.cli.router import router
from hotline.cli.scenario import scenario
from hotline.cli.seed import seed
from hotline.cli.serve import serve
from hotline.cli.settlement import settlement
from hotline.cli.simulate import simulate
from hotline.cli.staffing import staffing
from hotline.cli.statistics import statistics
from hotline.cli.topic import topic
from hotline.cli.traffic import traffic
from hotline.cli.train import train
from hotline.cli.worker import worker
from hotline.settings import settings

app = typer.Typer(
    name="hotline",
    cls=OneLine,
    help="Municipalities answer their citizens together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)


@app.callback()
def _settings_first() -> None:
    """Municipalities answer their citizens together."""
    try:
        settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        name = f"HOTLINE_{wrong['loc'][0]}".upper()
        typer.echo(f"hotline: {name} cannot be used: {wrong['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from None


for command in (
    demo,
    serve,
    worker,
    router,
    ari,
    migrate,
    seed,
    check,
    classify,
    train,
    evaluate,
    explain,
    scenario,
    simulate,
    staffing,
    retain,
    traffic,
):
    app.command()(command)
for group in (
    keys,
    integrators,
    mailboxes,
    people,
    directory,
    collaboration,
    cvr,
    citizen,
    inquiry,
    statistics,
    settlement,
    topic,
    bench,
):
    app.add_typer(group)
