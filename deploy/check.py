"""What `make test` runs once everything is installed: lint, types, audit, tests; the first that fails ends it."""

import os
import subprocess
import sys
import time

from deploy.audit import audit
from deploy.browser import ENV
from deploy.steps import PYTHON, ROOT, VENV, Ledger

BEFORE = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
}


def main() -> int:
    """Exit as the first failing tool did, else as pytest, whose summary is the last that is printed.

    The command line's arguments go to pytest.
    """
    for name, command in BEFORE.items():
        started = time.monotonic()
        done = subprocess.run([PYTHON, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
        print(f"  {name} … {'failed' if done.returncode else f'{time.monotonic() - started:.1f} s'}", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr, end="")
            return done.returncode
    if vulnerable() and os.environ.get("CI"):
        return 1
    env = {**os.environ, ENV: Ledger(VENV / "setup.json").done["browser"]}
    workers = min(max(os.cpu_count() or 2, 2), 4)
    pytest = [str(PYTHON), "-m", "pytest", "-n", str(workers), "--dist", "loadgroup", *sys.argv[1:]]
    return subprocess.run(pytest, cwd=ROOT, env=env, check=False).returncode


def vulnerable() -> bool:
    """Say what is known against the pinned packages. It ends the run in CI alone: what was published today is no
    fault of whoever tries the hotline today."""
    word, found = audit()
    print("\n    ".join([f"  audit … {word}", *found]), flush=True)
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
