"""Processes that stay leave what their start has made out of every later collection."""

import subprocess
import sys

import pytest

from hotline.resources import ROOT

# What the process has frozen, as soon as it has frozen anything.
LOOKING = """
import gc, os, sys, threading, time

def look():
    while not (frozen := gc.get_freeze_count()):
        time.sleep(0.02)
    print(frozen, flush=True)
    os._exit(0)

threading.Thread(target=look, daemon=True).start()
from hotline.cli import commands
commands(sys.argv[1])(sys.argv[1:])
"""


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"], ["router"]])
def test_the_collector_need_not_go_through_what_a_start_has_made(with_facts, trained, command):
    argv = [sys.executable, "-c", LOOKING, *command]
    said = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert int(said.stdout or 0) > 100_000, said.stderr
