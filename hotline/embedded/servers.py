"""servers(): both servers for as long as a block runs; tests and benchmarks use it."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.embedded.errors import CannotStart
from hotline.embedded.folder import held
from hotline.embedded.launch import launch, stop
from hotline.embedded.logs import Logs
from hotline.embedded.places import settled
from hotline.embedded.postgres import Postgres
from hotline.embedded.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """Where the two servers answer, and their process numbers."""

    database_url: str
    redis_url: str
    postgres: int
    valkey: int


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Run both servers on the data in this folder, which is made if need be; what they have stored stays in it.

    Call it from the main thread. They are not restarted when they die, and die with this process.
    Raises CannotStart (see hotline/embedded/errors.py) with one line that says why.
    """
    with held(folder) as folder, settled(folder) as places, ExitStack() as running:
        logs = Logs(folder / "log")
        postgres, valkey = Postgres(places), Valkey(places)
        started = {server: running.enter_context(_process(server, logs)) for server in (postgres, valkey)}
        for server, process in started.items():
            _wait(server, process, logs)
        yield Servers(postgres.url, valkey.url, started[postgres].pid, started[valkey].pid)


@contextmanager
def _process(server: Postgres | Valkey, logs: Logs) -> Iterator[subprocess.Popen[bytes]]:
    server.create()
    server.prepare(waited=0)
    with logs.open(server.name) as log:
        process = launch(server.command, log.fileno())
    try:
        yield process
    finally:
        stop(process, server.command)


def _wait(server: Postgres | Valkey, process: subprocess.Popen[bytes], logs: Logs, patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while not server.ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"{server.name} did not start: {logs.last_line(server.name)}")
        time.sleep(0.02)
