"""Keeps named processes running: starts again what dies, and stops everything when told to or when killed itself."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType, TracebackType

from hotline.embedded import CannotStart, Command, Logs, end_descendants, launch, stop, stop_all

STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIVED_WELL = 10.0  # seconds after which a death counts as the first one again
LOGS_EVERY = 30.0  # seconds


class Stopping(BaseException):
    """Somebody asked for the end: Ctrl-C, or a signal to terminate."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Until a Supervisor takes them over, the first signal that asks for the end raises Stopping wherever the block is;
    those that follow do not disturb what is put away then."""
    handlers = {number: signal.signal(number, _stop) for number in STOPPING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    for one in STOPPING_SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise Stopping


@dataclass(frozen=True)
class Part:
    """One process that is to run always. Those of a higher stage are stopped before those of a lower one."""

    name: str
    kind: str
    command: Command
    stage: int
    prepare: Callable[[float], bool] | None = None  # asked before a start with the seconds waited; False: not yet


@dataclass
class _Kept:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wanted: float = 0.0  # since when it should run again
    due: float = 0.0  # when to try that next
    deaths: int = 0  # in a row, each soon after a start


def pause(deaths: int) -> float:
    """Seconds until the next start of a part that has died so often in a row: none after the first, then growing."""
    return 0.0 if deaths <= 1 else min(5.0, 0.1 * 2 ** min(deaths - 2, 10))


@dataclass
class Supervisor:
    """Use it as a context in the main thread, and call step() for as long as the parts shall run.

    `changed` is called whenever a process number has changed. Everything is stopped when the context ends, and by
    the operating system when this process is killed.
    """

    logs: Logs
    changed: Callable[[], None] = lambda: None
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _asked_to_stop: bool = False
    _logs_looked_at: float = 0.0

    def __enter__(self) -> "Supervisor":
        self._wake, self._woken = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._note_signal) for number in STOPPING_SIGNALS}
        # Only so that the death of a child ends the wait in step().
        self._handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_all()
        signal.set_wakeup_fd(-1)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._wake)
        os.close(self._woken)

    def look_after(self, part: Part) -> None:
        """Start this part now and again whenever it dies. Raises CannotStart when its program does not run here."""
        now = time.monotonic()
        kept = self._kept[part.name] = _Kept(part, wanted=now)
        self._start(kept, now)

    def finish(self, name: str, command: Command) -> None:
        """Run a command to its end while the parts run on. Raises CannotStart with its last line if it fails."""
        with self.logs.open(name) as log:
            process = launch(command, log.fileno())
        try:
            while process.poll() is None:
                self.step(0.5)
        finally:
            stop(process, command)
        if process.returncode != 0:
            raise CannotStart(f"`{name}` failed: {self.logs.last_line(name)} (all of it: {self.logs.path(name)})")

    def pids(self, kind: str) -> list[int]:
        """The process numbers of the parts of this kind that run."""
        return [kept.process.pid for kept in self._kept.values() if kept.part.kind == kind and kept.process]

    def often_dead(self, deaths: int) -> str | None:
        """The name of a part that has died so many times in a row, if there is one."""
        return next((name for name, kept in self._kept.items() if kept.deaths >= deaths), None)

    def step(self, seconds: float) -> None:
        """Wait up to so long for something to happen, and start what has died. Raises Stopping when that was asked."""
        now = time.monotonic()
        soonest = min((kept.due for kept in self._kept.values() if not kept.process), default=now + seconds)
        if select.select([self._wake], [], [], max(0.0, min(seconds, soonest - now)))[0]:
            os.read(self._wake, 4096)
        if self._asked_to_stop:
            raise Stopping
        self._look_after_parts(time.monotonic())
        self._look_after_logs(time.monotonic())

    def _look_after_parts(self, now: float) -> None:
        before = self._all_pids()
        for kept in self._kept.values():
            if kept.process and kept.process.poll() is not None:
                self._bury(kept, now)
            if kept.process is None and kept.due <= now:
                self._start_again(kept, now)
        if self._all_pids() != before:
            self.changed()

    def _bury(self, kept: _Kept, now: float) -> None:
        kept.deaths = 1 if now - kept.started > LIVED_WELL else kept.deaths + 1
        if kept.process:
            end_descendants(kept.process)
        kept.process, kept.wanted = None, now
        kept.due = now + pause(kept.deaths)

    def _start_again(self, kept: _Kept, now: float) -> None:
        try:
            self._start(kept, now)
        except (CannotStart, OSError) as error:  # too many processes, a full disk: it may pass, so try on
            print(f"{kept.part.name}: {error}", file=sys.stderr, flush=True)
            self._bury(kept, now)

    def _start(self, kept: _Kept, now: float) -> None:
        if kept.part.prepare and not kept.part.prepare(now - kept.wanted):
            kept.due = now + 0.05
            return
        with self.logs.open(kept.part.name) as log:
            kept.process, kept.started = launch(kept.part.command, log.fileno()), now

    def _all_pids(self) -> list[int | None]:
        return [kept.process.pid if kept.process else None for kept in self._kept.values()]

    def _look_after_logs(self, now: float) -> None:
        if now - self._logs_looked_at > LOGS_EVERY:
            self._logs_looked_at = now
            self.logs.bound()

    def _stop_all(self) -> None:
        for stage in sorted({kept.part.stage for kept in self._kept.values()}, reverse=True):
            together = [kept for kept in self._kept.values() if kept.part.stage == stage and kept.process]
            stop_all([(kept.process, kept.part.command) for kept in together if kept.process])
        self._kept.clear()

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True
