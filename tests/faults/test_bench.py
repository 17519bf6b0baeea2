"""A benchmark that is stopped in its middle, with the servers it has started."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_asked_to_stop_it_leaves_nothing_behind_either(tmp_path, number):
    env = os.environ | {"TMPDIR": str(tmp_path)}
    argv = (sys.executable, "-m", "hotline", "bench", "intake", "--seconds", "60")
    with subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True) as running:
        while not list(tmp_path.glob("*/sign-ins.json")):
            assert running.poll() is None, running.stderr.read()
            time.sleep(0.05)
        for _ in range(2):  # impatient
            running.send_signal(number)
        assert "stopped" in running.communicate(timeout=120)[1]
    assert running.returncode == 1
    assert list(tmp_path.iterdir()) == []
    assert not [one for one in psutil.process_iter(["environ"]) if str(tmp_path) in str(one.info["environ"])]
