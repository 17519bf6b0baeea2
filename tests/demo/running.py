"""A real `hotline demo`: started as a person starts it, looked at from outside alone."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psutil

from hotline.demo.run import PATIENCE
from hotline.embedded import Command, launch
from hotline.resources import ROOT
from tests.waiting import until

STARTED_WITHIN = PATIENCE + 20  # seconds; a demo that gives up says why before that


def is_alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def command(*arguments: str, env: dict[str, str] | None = None, seconds: float = 120.0):
    """Run one hotline command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "hotline", *arguments],
        cwd=ROOT,
        env=env or dict(os.environ),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def a_demo(*arguments: str, env: Mapping[str, str], said: IO[str]) -> subprocess.Popen[bytes]:
    """Start a demo that ends, with all that it starts, when the process that started it is no more."""
    argv = (sys.executable, "-m", "hotline", "demo", *arguments)
    if threading.current_thread() is threading.main_thread():
        return launch(Command(argv, env, ROOT, death_signal=signal.SIGTERM), said.fileno())
    return subprocess.Popen(argv, cwd=ROOT, env=env, stdout=said, stderr=said)  # or it would end with this thread


class Running:
    """One demo in its folder; its temporary files go where nobody else's are, where the machine lets them."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.folder, self.temporary = folder, temporary
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
        self.env["TMPDIR"] = str(temporary)
        self.private: list[Path] = []
        self._all: set[psutil.Process] = set()  # not by number: another process may get that of one that ended
        temporary.mkdir(exist_ok=True)

    def start(self, *options: str) -> None:
        """Start it and wait until it has said that everything runs."""
        arguments = ("--no-traffic", "--data", str(self.folder), *options)
        with self.folder.with_suffix(".said").open("w") as said:
            self.process = a_demo(*arguments, env=self.env, said=said)
        until(self._is_open, "demo.json was not written", STARTED_WITHIN)
        self.private.append(Path((self.folder / "private-folder").read_text().strip()))
        self._remember()

    @property
    def said(self) -> str:
        """All that it has printed."""
        return self.folder.with_suffix(".said").read_text()

    @property
    def alive(self) -> list[psutil.Process]:
        """Of the demo and all that it ever started, what has not ended."""
        return [one for one in self._all if one.is_running() and is_alive(one.pid)]

    @property
    def facts(self) -> dict[str, Any]:
        """What demo.json says now."""
        return json.loads((self.folder / "demo.json").read_text())

    def users(self, role: str) -> list[dict[str, Any]]:
        """The users with this role."""
        return [user for user in self.facts["users"] if user["role"] == role]

    def pids(self, kind: str) -> list[int]:
        """The process numbers that demo.json gives for this kind of part."""
        found = self.facts["pids"][kind]
        return found if isinstance(found, list) else [found] if found else []

    def kill(self, kind: str) -> None:
        """kill -9 of every process of this kind; back when demo.json names as many others that live."""
        victims = self.pids(kind)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        until(lambda: self._are_new(kind, victims), f"{kind} came back")
        self._remember()

    def hang(self, kind: str, seconds: float) -> None:
        """Stop every process of this kind, and what it has started, in whatever it is doing; then let it go on."""
        parts = [psutil.Process(pid) for pid in self.pids(kind)]
        parts += [child for part in parts for child in part.children(recursive=True)]
        with ExitStack() as stopped:
            for part in parts:
                with suppress(psutil.NoSuchProcess):
                    part.suspend()
                    stopped.callback(self._go_on, part)
            time.sleep(seconds)

    @staticmethod
    def _go_on(part: psutil.Process) -> None:
        with suppress(psutil.NoSuchProcess):
            part.resume()

    def end(self, number: signal.Signals = signal.SIGINT, seconds: float = 60.0) -> int:
        """Send the demo this signal and wait for its end; its exit code."""
        self._remember()
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def _is_open(self) -> bool:
        assert self.process.poll() is None, self.said
        return (self.folder / "demo.json").exists() and "demo.json" in self.said

    def _are_new(self, kind: str, before: list[int]) -> bool:
        now = self.pids(kind)
        return len(now) == len(before) and not {*now} & {*before} and all(map(is_alive, now))

    def _remember(self) -> None:
        with suppress(psutil.NoSuchProcess):
            demo = psutil.Process(self.process.pid)
            self._all |= {demo, *demo.children(recursive=True)}


@contextmanager
def demo(folder: Path, *options: str, models: Path | None = None) -> Iterator[Running]:
    """A demo without traffic on a port of the system's choice, on data under `folder`; ended with the block.

    Its reader is the one in `models` where that is given: to train one takes 6 s.
    """
    running = Running(folder / "data", folder / "tmp")
    if models:
        running.folder.mkdir()
        (running.folder / "models").symlink_to(models)
    try:
        running.start("--port", "0", *options)
        yield running
    finally:
        if running.process.poll() is None:
            running.end()
