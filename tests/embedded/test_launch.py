"""Starting a process that ends with us, and ending one that would rather not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.embedded import CannotStart, Command, finish, launch, stop
from hotline.resources import ROOT
from tests.demo.running import is_alive
from tests.waiting import until

LAUNCH_AND_WAIT = """
import os, time
from pathlib import Path
from hotline.embedded import Command, launch
print(launch(Command(("sleep", "600"), os.environ, Path("/")), 2).pid, flush=True)
time.sleep(600)
"""


def a_command(*argv: str, **more) -> Command:
    return Command(argv, os.environ, Path("/"), **more)


def test_a_finished_command_gives_its_code_and_what_it_said():
    assert finish(a_command("sh", "-c", "echo one; echo two >&2; exit 3")) == (3, "one\ntwo")


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(CannotStart, match="/nowhere/server does not run"):
        finish(a_command("/nowhere/server"))


def test_a_program_for_another_machine_is_named(tmp_path):
    foreign = tmp_path / "server"
    foreign.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(57))
    foreign.chmod(0o755)
    with pytest.raises(CannotStart, match="server does not run"):
        finish(a_command(str(foreign)))


def test_one_that_ignores_the_request_to_end_is_ended():
    deaf = a_command("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done", patience=0.2)
    reading, writing = os.pipe()
    process = launch(deaf, writing)
    assert os.read(reading, 5) == b"ready"
    stop(process, deaf)
    assert process.returncode == -9
    os.close(reading)
    os.close(writing)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_child_is_killed_when_its_parent_is():
    parent = subprocess.Popen([sys.executable, "-c", LAUNCH_AND_WAIT], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not is_alive(child), "the child is gone")
