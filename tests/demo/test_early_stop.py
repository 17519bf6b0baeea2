"""Ctrl-C before the supervisor keeps anything: one line, and nothing is left behind.

Here are the three moments that differ most: while commands are loaded, while the demo is, and with a folder to remove.
The others are in tests/faults/test_stopped_early.py, for `make test-faults`.
"""

import os
import subprocess
import sys

import pytest

from hotline.resources import ROOT

# The moment is not a matter of luck: the very process interrupts itself when it comes to the import or file named.
# It hears Ctrl-C as a terminal's process does, also where these tests run in the background, which ignores it.
AT_THAT_MOMENT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
event, what = sys.argv.pop(1), sys.argv.pop(1)
def hook(name, arguments):
    if name == event and str(arguments[0]).endswith(what):
        signal.raise_signal(signal.SIGINT)
sys.addaudithook(hook)
from hotline.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("event", "what", "code"),
    [
        ("import", "hotline.cli", 130),
        ("import", "hotline.demo.run", 130),
        ("open", "private-folder", 0),
    ],
)
def test_ctrl_c_in_the_first_second_is_one_line_and_leaves_nothing(tmp_path, event, what, code):
    one_line_and_nothing_left(tmp_path, event, what, code)


def one_line_and_nothing_left(tmp_path, event, what, code):
    """The demo, interrupted when it comes to `what`, ends with `code`, one line and nothing of its own."""
    temporary, data = tmp_path / "tmp", tmp_path / "data"
    temporary.mkdir()
    argv = (sys.executable, "-c", AT_THAT_MOMENT, event, what, "demo", "--data", str(data), "--port", "0")
    env = os.environ | {"TMPDIR": str(temporary)}
    stopped = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert (stopped.returncode, stopped.stdout + stopped.stderr) == (code, "Stoppet · Stopped.\n")
    assert list(temporary.iterdir()) == []
    assert not data.exists() or {file.name for file in data.iterdir()} <= {"hotline.lock", "log"}
