"""`hotline simulate`: what it prints and writes, and what it refuses in one line."""

import json
from dataclasses import asdict

import pytest
from typer.testing import CliRunner

from tests.cli.commands import app
from tests.simulation.days import a_busy_day, a_call, a_day, an_agent

FIGURES = {"queue_time", "mean_wait", "p95", "p99", "sl", "in_target", "abandoned", "seconds"}


@pytest.fixture
def scenario(tmp_path):
    """A file with a busy day of calls, chats and mails."""
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(asdict(a_busy_day(1)), default=list))
    return file


def simulate(*arguments):
    return CliRunner().invoke(app, ["simulate", *map(str, arguments)])


def test_one_policy_is_one_object_of_figures_and_a_line_an_inquiry(scenario, tmp_path):
    printed = simulate(scenario, "--json", "--trace", tmp_path / "trace.jsonl")
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    assert told.keys() >= FIGURES and set(told["by_channel"]) == {"phone", "chat", "email"}
    lines = [json.loads(line) for line in (tmp_path / "trace.jsonl").read_text().splitlines()]
    assert len({line["inquiry"] for line in lines}) == len(lines) == 700
    shapes = {frozenset(line) for line in lines}
    assert shapes <= {frozenset({"inquiry", "agent", "started_at", "ended_at"}), frozenset({"inquiry", "abandoned_at"})}


def test_a_scenario_of_calls_alone_has_no_channels(tmp_path):
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(asdict(a_day(an_agent(), a_call("i1"))), default=list))
    told = json.loads(simulate(file, "--json").stdout)
    assert "by_channel" not in told and told["queue_time"] == 0 and told["in_target"] == 1


def test_people_are_shown_a_table(scenario):
    printed = simulate(scenario, "--alone").stdout
    assert "700 inquiries, 12 agents" in printed and "queue_time" in printed and "email" in printed
    assert "0 municipalities have no agents; they had 0 inquiries" in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.json"], "No such file or directory"),
        (["--policy", "nope"], "there is no policy `nope`; it may be default, home-first, oldest-first"),
        (["--trace", "/nowhere/trace.jsonl"], "No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(scenario, arguments, said):
    file = [] if arguments[0] == "nowhere.json" else [scenario]
    printed = simulate(*file, *arguments)
    assert printed.exit_code == 2 and said in printed.stderr and printed.stderr.count("\n") == 1


def test_a_file_that_is_no_scenario_says_where(tmp_path):
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(asdict(a_day(an_agent(), a_call("i1"))) | {"inquiries": [{"id": 3}]}, default=list))
    printed = simulate(file)
    assert printed.exit_code == 2 and "inquiries.0.id: Input should be a valid string" in printed.stderr
