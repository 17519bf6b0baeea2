"""hotline simulate: how days would go by a policy, on a clock of their own."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline.settings import settings

if TYPE_CHECKING:
    from hotline.routing.policy import Policy
    from hotline.simulation.run import Fate
    from hotline.simulation.scenario import Scenario

SHOWN = ("queue_time", "mean_wait", "p95", "p99", "sl", "in_target", "abandoned")


def simulate(
    file: Annotated[Path, typer.Argument(metavar="SCENARIO.json", help="Who works when, and what comes.")],
    policy: Annotated[
        list[str] | None, typer.Option("--policy", help="Of config/policies; several are set side by side.")
    ] = None,
    trace: Annotated[Path | None, typer.Option("--trace", help="Write what became of each inquiry here.")] = None,
    by_itself: Annotated[
        bool, typer.Option("--alone", help="Also each municipality by itself, beside what answering together saves.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Run a scenario by the decisions of the live hotline, and print how long its citizens waited."""
    names = list(dict.fromkeys(policy or [settings().policy]))
    if trace and len(names) > 1:
        raise typer.BadParameter("a trace is of one policy", param_hint="--trace")
    scenario, rules = read_scenario(file), rules_of(names)
    runs = {}
    told = []
    for name in names:
        began = time.monotonic()
        fates = list(_with_a_bar(scenario, rules[name], name))
        runs[name] = fates
        told.append(_figures(scenario, rules[name], fates) | {"seconds": round(time.monotonic() - began, 3)})
        if by_itself:
            told[-1]["alone"] = _alone(scenario, rules[name], fates)
    if trace:
        _write(trace, runs[names[0]])
    beside = {name: _beside(scenario, rules, runs, names[0], name) for name in names[1:]}
    if as_json:
        whole = told[0] if len(names) == 1 else {"policies": dict(zip(names, told, strict=True)), "beside": beside}
        typer.echo(json.dumps(whole, ensure_ascii=False))
    else:
        _print(scenario, names, told, beside)


def read_scenario(file: Path) -> "Scenario":
    """The scenario of a file; what is none is refused in one line."""
    from hotline.simulation.scenario import NoScenario, read

    try:
        return read(file)
    except (OSError, NoScenario) as error:
        raise typer.BadParameter(getattr(error, "strerror", None) or str(error), param_hint="SCENARIO.json") from None


def rules_of(names: Iterable[str]) -> "dict[str, Policy]":
    """The policies of these names; what is none is refused in one line."""
    from hotline.policies import NoPolicy, named

    try:
        return {name: named(name) for name in names}
    except NoPolicy as error:
        raise typer.BadParameter(str(error), param_hint="--policy") from None


def _with_a_bar(scenario: "Scenario", policy: "Policy", name: str) -> "Iterator[Fate]":
    """The fates as they come to be known, with a bar where somebody looks."""
    from hotline.simulation.run import Run

    fates = Run(scenario, policy).fates()
    if not sys.stderr.isatty():
        yield from fates
        return
    with typer.progressbar(fates, length=len(scenario.inquiries), label=name, file=sys.stderr) as bar:
        yield from bar


def _figures(scenario: "Scenario", policy: "Policy", fates: "list[Fate]") -> dict[str, Any]:
    from hotline.simulation.fairness import exchange, spread_over_equals
    from hotline.simulation.figures import by_channel, figures
    from hotline.simulation.scenario import policy_for

    held_to, within = policy_for(scenario, policy), scenario.settings.service_level_seconds
    channels = by_channel(fates, held_to, within)
    return {
        **figures(fates, held_to, within),
        **({"by_channel": channels} if len(channels) > 1 else {}),
        "spread_over_equals": spread_over_equals(fates, scenario),
        "exchange": [asdict(one) for one in exchange(fates, scenario)],
    }


def _alone(scenario: "Scenario", policy: "Policy", fates: "list[Fate]") -> dict[str, Any]:
    from hotline.simulation.alone import alone
    from hotline.simulation.report import beside_alone

    return beside_alone(scenario, policy, fates, list(alone(scenario, policy)))


def _beside(
    scenario: "Scenario", rules: "dict[str, Policy]", runs: "dict[str, list[Fate]]", first: str, second: str
) -> dict[str, Any]:
    from hotline.simulation.beside import differences
    from hotline.simulation.scenario import policy_for

    policies = policy_for(scenario, rules[first]), policy_for(scenario, rules[second])
    found = differences(runs[first], runs[second], policies, scenario.settings.day_seconds)
    return {name: asdict(one) for name, one in found.items()}


def _write(path: Path, fates: "Iterable[Fate]") -> None:
    from hotline.simulation.trace import line

    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(line(one) + "\n" for one in fates)
    except OSError as error:
        raise typer.BadParameter(error.strerror or str(error), param_hint="--trace") from None


def _print(
    scenario: "Scenario", names: list[str], told: list[dict[str, Any]], beside: dict[str, dict[str, Any]]
) -> None:
    typer.echo(f"{scenario.name}: {len(scenario.inquiries)} inquiries, {len(scenario.agents)} agents")
    typer.echo(f"\n{'':24}" + "".join(f"{name:>12}" for name in SHOWN))
    for name, all_of_it in zip(names, told, strict=True):
        _print_row(name, all_of_it)
        for channel, some in all_of_it.get("by_channel", {}).items():
            _print_row(f"  {channel}", some)
    for name, found in beside.items():
        typer.echo(f"\n{name} beside {names[0]}, over the days drawn anew, in 95 of 100 between")
        for measure, one in found.items():
            between = "too few days" if one["low"] is None else f"{one['low']:+.4g} and {one['high']:+.4g}"
            typer.echo(f"  {measure:22}{one['value']:+12.4g}  {between}")
    for name, all_of_it in zip(names, told, strict=True):
        equals, swaps = all_of_it["spread_over_equals"], all_of_it["exchange"]
        alike = "no two agents are equal" if equals is None else f"{equals:.1%} between equal agents in a day"
        if alone := all_of_it.get("alone"):
            same, pooled, nobody = alone["alone"], alone["pooled"], alone["nobody"]
            typer.echo(f"\n{name}, each municipality that has agents by itself, and the same citizens together")
            _print_row("  by itself", same)
            _print_row("  together", pooled)
            typer.echo(
                f"  {nobody['municipalities']} municipalities have no agents; they had {nobody['inquiries']} inquiries"
            )
        given = sum(one["given"] for one in swaps)
        typer.echo(f"\n{name}, {all_of_it['seconds']:.1f} s: handled minutes differ: {alike};")
        typer.echo(f"  {given:.0f} given to other municipalities' citizens")
        for one in sorted(swaps, key=lambda one: one["handled"] - one["owed"])[:3]:
            typer.echo(
                f"  {one['municipality']} owes {one['owed']:.0f} minutes by its share, and gave {one['handled']:.0f}"
            )


def _print_row(name: str, some: dict[str, Any]) -> None:
    cells = ("-" if some[one] is None else f"{some[one]:.4g}" for one in SHOWN)
    typer.echo(f"{name:24}" + "".join(f"{cell:>12}" for cell in cells))
