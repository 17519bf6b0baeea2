"""The benchmarks of intake and of figures run whole, and stopped in the middle, with the servers they have started."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.demo.running import command


def test_it_prints_both_sides_and_leaves_nothing_behind(tmp_path):
    done = command("bench", "intake", "--seconds", "1", "--json", env=os.environ | {"TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures.keys() >= {"intake_rps", "bare_rps", "ratio", "p99_ms"}
    assert figures["intake_rps"] > 0 and figures["bare_rps"] > 0
    assert figures["ratio"] == pytest.approx(figures["intake_rps"] / figures["bare_rps"], abs=0.001)
    for both in figures["by_connections"].values():
        assert all(both[side]["p50_ms"] <= both[side]["p99_ms"] for side in ("bare", "intake"))
    assert list(tmp_path.iterdir()) == []
    assert not [one for one in psutil.process_iter(["environ"]) if str(tmp_path) in str(one.info["environ"])]


def test_every_page_of_figures_is_asked_for_and_nothing_is_left_behind(tmp_path):
    size = ("--inquiries", "300", "--json")
    done = command("bench", "statistics", *size, env=os.environ | {"TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["inquiries"] == 300 and 0 < figures["p50_ms"] <= figures["p95_ms"]
    assert figures["slowest"]["page"].startswith("/") and figures["rebuilt_per_second"] > 0
    assert list(tmp_path.iterdir()) == []


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
