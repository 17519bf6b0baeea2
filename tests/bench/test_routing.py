"""`hotline bench routing` as whoever compares sizes runs it."""

import json
import os

import pytest

from tests.demo.running import command


@pytest.mark.thorough
def test_each_pass_makes_twenty_offers_which_are_undone_and_nothing_is_left_behind(tmp_path):
    size = ("--agents", "40", "--waiting", "300", "--runs", "2", "--ignorant", "--held", "--json")
    done = command("bench", "routing", *size, env=os.environ | {"TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["agents"], figures["waiting"], figures["offers_per_run"]) == (40, 300, 20)
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert min(figures["decisions_per_second"], figures["bare_per_second"]) > 0
    assert list(tmp_path.iterdir()) == []
