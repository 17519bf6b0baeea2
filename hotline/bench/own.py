"""What a benchmark stands on: a folder of its own, what its processes are told, and the values it gives out."""

import math
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.db import engine
from hotline.embedded import Command, Logs, Servers, launch, stop
from hotline.resources import ROOT
from hotline.settings import settings

HOST = "127.0.0.1"
WEB = ("-m", "hotline", "serve", "--fd")


@dataclass(frozen=True)
class Served:
    """A process that answers at this port of this machine."""

    port: int
    pid: int


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        yield Path(folder)


def environment(folder: Path, both: Servers) -> dict[str, str]:
    """What a process of the benchmark is told of its servers; nothing of any other hotline on this machine."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "PG"))}
    return env | {
        "HOTLINE_DATABASE_URL": both.database_url.replace("hotline@", "hotline_app@"),
        "HOTLINE_OWNER_URL": both.database_url,
        "HOTLINE_REDIS_URL": both.redis_url,
        "HOTLINE_DATA_DIR": str(folder),
        "HOTLINE_DEMO": "1",  # open at any hour, and a key may ask as often as it likes
    }


def point_at(env: dict[str, str]) -> None:
    """This process is of that hotline from here on."""
    os.environ.clear()
    os.environ.update(env)
    for made in (settings, engine):
        made.cache_clear()


@contextmanager
def served(module: Sequence[str], env: dict[str, str], logs: Logs, name: str) -> Iterator[Served]:
    """This module, listening; it is stopped afterwards."""
    with socket.create_server((HOST, 0), backlog=1024) as listening:
        fd = listening.fileno()
        command = Command((sys.executable, *module, str(fd)), env, ROOT, fds=(fd,))
        with logs.open(name) as log:
            process = launch(command, log.fileno())
        try:
            yield Served(listening.getsockname()[1], process.pid)
        finally:
            stop(process, command)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of these values, which are in order, that is not below this share of them."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
