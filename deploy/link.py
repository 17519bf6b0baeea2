"""Links the checkout into .venv: `import hotline` and `.venv/bin/hotline` work from any directory, edits at once."""

import os
import subprocess
from pathlib import Path

from deploy.steps import PYTHON, ROOT, VENV

COMMAND = VENV / "bin" / "hotline"
# A `#!` line takes no spaces and few bytes, so the shell finds the interpreter beside the script; Python reads the
# same three quotes as a string that nobody uses.
SCRIPT = """#!/bin/sh
'''exec' "$(dirname "$(readlink -f "$0")")/python" "$0" "$@"
'''
import sys

from hotline.__main__ import main

sys.exit(main())
"""


def make() -> None:
    """Write the path file and the command; the same bytes again do no harm."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([PYTHON, "-I", "-c", where], capture_output=True, text=True, check=True).stdout
    _write(Path(answer.strip()) / "hotline.pth", f"{ROOT}\n", 0o644)
    _write(COMMAND, SCRIPT, 0o755)


def stands() -> bool:
    """Whether the command and the path file are those that `make` would write."""
    paths = list(VENV.glob("lib/python*/site-packages/hotline.pth"))
    return len(paths) == 1 and paths[0].read_text() == f"{ROOT}\n" and _text(COMMAND) == SCRIPT


def _text(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


def _write(file: Path, text: str, mode: int) -> None:
    beside = file.with_name(file.name + ".new")
    beside.write_text(text)
    os.chmod(beside, mode)
    beside.replace(file)
