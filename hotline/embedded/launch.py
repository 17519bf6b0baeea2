"""Starts processes that cannot outlive the one that started them, and stops them."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from hotline.embedded.errors import CannotStart

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """A user of the operating system that a process is run as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """What to run, how to end it, and what ends it when the process that started it dies (on Linux)."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    account: Account | None = None
    fds: tuple[int, ...] = ()
    stop_signal: Signals = Signals.SIGTERM
    death_signal: Signals = Signals.SIGKILL
    patience: float = 3.0  # seconds between the stop signal and SIGKILL


def launch(command: Command, output: int) -> subprocess.Popen[bytes]:
    """Start the command with nothing on its input and all it says written to the descriptor `output`.

    Call it from the main thread: Linux sends the death signal when the *thread* that started the child ends.
    The child gets a session of its own, so Ctrl-C reaches only the process that supervises it.
    Raises CannotStart when the program does not run on this machine.
    """
    account = command.account
    try:
        return subprocess.Popen(
            command.argv,
            env=dict(command.env),
            cwd=command.cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=command.fds,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[account.gid] if account else None,
            preexec_fn=_die_with(os.getpid(), command.death_signal),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStart(f"{command.argv[0]} does not run: {error}") from None


def finish(command: Command) -> tuple[int, str]:
    """Run the command to its end; gives its exit code and all that it said."""
    with tempfile.TemporaryFile() as output:
        code = launch(command, output.fileno()).wait()
        output.seek(0)
        return code, output.read().decode(errors="replace").strip()


def stop(process: subprocess.Popen[bytes], command: Command) -> None:
    """Ask the process to end, and after the command's patience make it; returns when it has ended."""
    stop_all([(process, command)])


def stop_all(running: list[tuple[subprocess.Popen[bytes], Command]]) -> None:
    """Stop these processes side by side; returns when all have ended."""
    asked = time.monotonic()
    for process, command in running:
        process.send_signal(command.stop_signal)
    for process, command in running:
        try:
            process.wait(max(0.0, asked + command.patience - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        end_descendants(process)


def end_descendants(process: subprocess.Popen[bytes]) -> None:
    """Kill what an ended process has left in its session, so that nothing goes on beside the one started next."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _die_with(parent: int, death_signal: Signals) -> Callable[[], None] | None:
    """What the child does before it becomes the program; subprocess calls it after the change of user, which clears
    the parent-death signal."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # looked up here: a forked child should load nothing

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child
