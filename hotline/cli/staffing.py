"""hotline staffing: how many agents with which skills each half hour of the day takes."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline.cli.simulate import read_scenario, rules_of
from hotline.settings import settings

if TYPE_CHECKING:
    from hotline.routing.policy import Policy
    from hotline.simulation.scenario import Scenario


def staffing(
    file: Annotated[Path, typer.Argument(metavar="SCENARIO.json", help="Who works when, and what comes.")],
    target: Annotated[
        float, typer.Option("--target", min=0.01, max=0.99, help="Share to be answered in target each half hour.")
    ] = 0.9,
    policy: Annotated[str | None, typer.Option("--policy", help="Of config/policies.")] = None,
    train: Annotated[
        bool, typer.Option("--training", help="Say instead which one agent learning one topic would help most.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print who is needed each half hour of the day for a share answered in target, beside who is there."""
    from hotline.simulation import staffing as plan

    name = policy or settings().policy
    scenario, rule = read_scenario(file), rules_of([name])[name]
    if train:
        _print_training(scenario, rule, as_json)
        return

    def told(number: int) -> None:
        if sys.stderr.isatty():
            typer.echo(f"round {number + 1} …", err=True)

    try:
        halves = plan.staffing(scenario, rule, target, told)
    except plan.NotToBeHad:
        typer.echo(f"hotline staffing: {target:.0%} in target cannot be had with what these agents can", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps({"target": target, "half_hours": [asdict(one) for one in halves]}, ensure_ascii=False))
        return
    typer.echo(f"{'from':>6}{'there':>8}{'in target':>11}{'needed':>8}{'in target':>11}  with topic")
    for one in halves:
        hours, minutes = divmod(int(one.begins) // 60, 60)
        topics = ", ".join(f"{topic} {number}" for topic, number in one.with_topic.items())
        shares = (f"{'-' if share is None else f'{share:.0%}':>11}" for share in (one.in_target_now, one.in_target))
        now, then = shares
        typer.echo(f"{hours:>3}.{minutes:02}{one.now:8.1f}{now}{one.needed:8}{then}  {topics}")


def _print_training(scenario: "Scenario", policy: "Policy", as_json: bool) -> None:
    from hotline.simulation.training import trainings

    found = trainings(scenario, policy)
    if as_json:
        typer.echo(json.dumps({"trainings": [asdict(one) for one in found]}, ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{one.agent} of {one.municipality} learns {one.topic}: {one.spared / 60:+.1f} minutes spared a day")
