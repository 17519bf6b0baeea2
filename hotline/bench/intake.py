"""Durable intake over HTTP beside a bare endpoint: the same database, client and bodies, in turn."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg

from hotline.bench import bare, client
from hotline.bench.own import HOST, WEB, environment, own_folder, percentile, served
from hotline.demo.citizens import messages
from hotline.demo.supervisor import Stopping, stoppable
from hotline.embedded import CannotStart, Command, Logs, Servers, finish, servers
from hotline.resources import ROOT

CONNECTIONS = (16, 64)  # the figures of the last stand at the top
ROUND, WARM_UP = 2.0, 1.0  # seconds
BODIES = 1_000
SIDES = ("bare", "intake")


@dataclass
class Side:
    """One web process, and what was seen of it: milliseconds of each request and seconds of CPU, by connections."""

    port: int
    pid: int
    took: dict[int, list[float]] = field(default_factory=dict)
    cpu: dict[int, float] = field(default_factory=dict)
    postgres_cpu: dict[int, float] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """What one number of connections gave: requests a second, milliseconds, CPU milliseconds a request."""

    rps: float
    p50_ms: float
    p99_ms: float
    web_cpu_ms: float
    postgres_cpu_ms: float


def run(seconds: float) -> dict[str, Any]:
    """Measure each side for so many seconds, half of them with 16 connections and half with 64; the figures by name.

    `intake_rps`, `bare_rps`, `ratio`, `p99_ms` and `bare_p99_ms` are those with 64; all stand in `by_connections`.
    `client_busy` is the greatest share of a core that the client took: near 1, it was the client that was measured.
    Raises CannotStart with one line where the servers do not run, an answer was no 201, or somebody asked for the end
    (Ctrl-C, SIGTERM). Call it in the main thread.
    """
    try:
        with stoppable(), own_folder() as folder, servers(folder) as both:
            return _measured(folder, both, seconds)
    except Stopping:
        raise CannotStart("stopped before it was done") from None


def _measured(folder: Path, of: Servers, seconds: float) -> dict[str, Any]:
    env = environment(folder, of)
    _command(env, "migrate")
    _command(env, "seed", "--sign-ins", str(folder / "sign-ins.json"))
    sign_ins = json.loads((folder / "sign-ins.json").read_text())
    with psycopg.connect(of.database_url, autocommit=True) as owner:
        owner.execute(bare.TABLE)
    job = {"host": HOST, "key": sign_ins["integrator_key"], "bodies": _bodies(sign_ins["users"])}
    with ExitStack() as running:
        modules, logs = {"bare": ("-m", "hotline.bench.bare"), "intake": WEB}, Logs(folder / "log")
        both = {name: running.enter_context(served(modules[name], env, logs, name)) for name in SIDES}
        sides = {name: Side(one.port, one.pid) for name, one in both.items()}
        for side in sides.values():
            _send(job | {"port": side.port, "connections": CONNECTIONS[0], "seconds": WARM_UP, "prefix": "warm-up"})
        busy = max(_in_turn(sides, job, of.postgres, seconds))
    return _told(sides, busy)


def _in_turn(sides: dict[str, Side], job: dict[str, Any], postgres: int, seconds: float) -> Iterator[float]:
    """Round after round, now this side first and now that; the share of a core that the client took in each."""
    rounds = max(1, round(seconds / ROUND / len(CONNECTIONS)))
    length = seconds / rounds / len(CONNECTIONS)
    for number in range(rounds):
        for connections in CONNECTIONS:
            for name in SIDES if number % 2 else reversed(SIDES):
                side = sides[name]
                asked = {"port": side.port, "connections": connections, "seconds": length}
                before, postgres_before = _cpu(side.pid), _cpu(postgres)
                done = _send(job | asked | {"prefix": f"{number}-{connections}-{name}"})
                side.took.setdefault(connections, []).extend(done["took"])
                for kept, spent in (
                    (side.cpu, _cpu(side.pid) - before),
                    (side.postgres_cpu, _cpu(postgres) - postgres_before),
                    (side.seconds, length),
                ):
                    kept[connections] = kept.get(connections, 0.0) + spent
                yield done["busy"]


def _told(sides: dict[str, Side], busy: float) -> dict[str, Any]:
    by_connections = {
        connections: {name: _figures(side, connections) for name, side in sides.items()} for connections in CONNECTIONS
    }
    top = by_connections[CONNECTIONS[-1]]
    return {
        "intake_rps": top["intake"].rps,
        "bare_rps": top["bare"].rps,
        "ratio": _ratio(top),
        "p99_ms": top["intake"].p99_ms,
        "bare_p99_ms": top["bare"].p99_ms,
        "connections": CONNECTIONS[-1],
        "by_connections": {
            str(connections): {name: vars(one) for name, one in both.items()} | {"ratio": _ratio(both)}
            for connections, both in by_connections.items()
        },
        "client_busy": busy,
    }


def _figures(side: Side, connections: int) -> Figures:
    took = sorted(side.took[connections])
    return Figures(
        rps=round(len(took) / side.seconds[connections], 1),
        p50_ms=round(percentile(took, 0.5), 2),
        p99_ms=round(percentile(took, 0.99), 2),
        web_cpu_ms=round(1000 * side.cpu[connections] / len(took), 3),
        postgres_cpu_ms=round(1000 * side.postgres_cpu[connections] / len(took), 3),
    )


def _ratio(both: dict[str, Figures]) -> float:
    return round(both["intake"].rps / both["bare"].rps, 3)


def _bodies(users: list[dict[str, Any]]) -> list[str]:
    """Invented inquiries of every channel, some with a CPR number, to be sent under ever new names."""
    codes = sorted({user["municipality"] for user in users if user["municipality"]})
    return [json.dumps(one.body(client.NAME)) for one in islice(messages(Random(1), codes), BODIES)]


def _command(env: dict[str, str], *arguments: str) -> None:
    code, said = finish(Command((sys.executable, "-m", "hotline", *arguments), env, ROOT))
    if code != 0:
        raise CannotStart(f"`hotline {arguments[0]}` failed: {said.splitlines()[-1] if said else 'it said nothing'}")


def _send(job: dict[str, Any]) -> dict[str, Any]:
    argv = (sys.executable, "-m", "hotline.bench.client")
    done = subprocess.run(argv, input=json.dumps(job), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotStart(done.stderr.strip().splitlines()[-1])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _cpu(pid: int) -> float:
    """Seconds of CPU that this process and its children have taken so far."""
    process = psutil.Process(pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(one.user + one.system for one in times)
