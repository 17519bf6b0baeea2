"""One line per step of set-up: quiet while it works, the output of what failed, and a record of what is finished."""

import contextlib
import fcntl
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build"
BEGUN = "begun"  # recorded before a step: whoever finds it knows that the step was interrupted
TAIL_LINES = 25


class Failed(Exception):
    """A step could not be done; the message is the one line that the person reads."""


class Ledger:
    """What set-up has finished in this virtual environment: the name of each step and the digest of what it read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.done: dict[str, str] = json.loads(path.read_text())
        except (OSError, ValueError):
            self.done = {}

    def write(self, step: str, digest: str) -> None:
        """Record by rename, so that a reader never meets half a file."""
        self.done[step] = digest
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(self.done, indent=1) + "\n")
        beside.replace(self.path)

    def step(self, name: str, digest: str, line: str, work: Callable[[bool], str | None]) -> None:
        """Do `work` unless this very thing is done; print `line`, what `work` says about itself, and its seconds.

        `work` is told whether an earlier run began this step without finishing it.
        """
        if self.done.get(name) == digest:
            return
        interrupted = self.done.get(name) == BEGUN
        self.write(name, BEGUN)
        announced(line, lambda: work(interrupted))
        self.write(name, digest)


def announced(line: str, work: Callable[[], str | None]) -> None:
    """Print `line`, do `work`, and end the line with what it says about itself and its seconds."""
    print(f"  {line} … ", end="", flush=True)
    started = time.monotonic()
    said = work()
    print(f"{f'{said}, ' if said else ''}{time.monotonic() - started:.1f} s", flush=True)


def run(command: Sequence[str | Path], env: Mapping[str, str], keep_open: int = -1) -> str:
    """Run quietly in the checkout and return what was written on standard output; Failed, with the last lines of
    both outputs printed, when the command does not succeed. The child holds `keep_open` (a file descriptor) too."""
    argv = [str(part) for part in command]
    kept = (keep_open,) if keep_open >= 0 else ()
    try:
        done = subprocess.run(
            argv, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, capture_output=True, text=True, pass_fds=kept
        )
    except OSError as error:
        raise Failed(f"{Path(argv[0]).name} could not be started: {error.strerror}.") from error
    if done.returncode:
        print("failed", flush=True)
        tail = (done.stdout + done.stderr).strip().splitlines()[-TAIL_LINES:]
        print("\n".join(f"    {line}" for line in tail), flush=True)
        raise Failed(f"{Path(argv[0]).name} {' '.join(argv[1:4])} … ended with {done.returncode}.")
    return done.stdout


@contextlib.contextmanager
def only_one() -> Iterator[int]:
    """Hold the lock of set-up, waiting for another run; yields its file descriptor. Children that inherit it keep
    the lock when this process is killed, so that nobody installs beside a survivor."""
    BUILD.mkdir(exist_ok=True)
    lock = os.open(BUILD / "setup.lock", os.O_CREAT | os.O_RDWR, 0o666)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  waiting for another set-up of this checkout …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)
