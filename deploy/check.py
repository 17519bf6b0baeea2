"""What `make test` runs once everything is installed: the tests, and beside them lint, types and audit."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from deploy.audit import audit
from deploy.browser import ENV
from deploy.steps import PYTHON, ROOT, VENV, Ledger

QUICK = ("-m", "not thorough")  # the rest is `make test-faults`
BESIDE = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
}


def main() -> int:
    """Exit as pytest does; or 1 with what the other tools found, which ends the tests.

    The command line's arguments go to pytest.
    """
    env = {**os.environ, ENV: Ledger(VENV / "setup.json").done["browser"]}
    workers = min(max(os.cpu_count() or 2, 2) + 1, 4)  # one more than processors: browsers and demos are waited for
    pytest = [str(PYTHON), "-m", "pytest", "-n", str(workers), "--dist", "loadgroup", *QUICK, *sys.argv[1:]]
    with subprocess.Popen(pytest, cwd=ROOT, env=env) as tests, ThreadPoolExecutor() as threads:
        beside = [threads.submit(tool, name, *command) for name, command in BESIDE.items()]
        beside.append(threads.submit(vulnerable))
        wrong = [found for one in beside if (found := one.result())]
        if not wrong:
            return tests.wait()
        tests.send_signal(signal.SIGINT)  # so that they stop what they have started
        tests.wait()
    print("\n".join(wrong))
    return 1


def tool(name: str, *command: str) -> str:
    """Run a tool and say how long it took; what it found, which is nothing where all is well."""
    started = time.monotonic()
    done = subprocess.run([PYTHON, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"  {name} … {'failed' if done.returncode else f'{time.monotonic() - started:.1f} s'}", flush=True)
    return f"{name}:\n{done.stdout}{done.stderr}" if done.returncode else ""


def vulnerable() -> str:
    """Say what is known against the pinned packages. It ends the run in CI alone: what was published today is no
    fault of whoever tries the hotline today."""
    word, found = audit()
    print("\n    ".join([f"  audit … {word}", *found]), flush=True)
    return "\n".join(["audit:", *found]) if found and os.environ.get("CI") else ""


if __name__ == "__main__":
    raise SystemExit(main())
