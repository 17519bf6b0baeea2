"""`hotline bench intake` as whoever compares machines runs it."""

import asyncio
import json
import os
import socket
import threading
from contextlib import closing

import psutil
import pytest

from hotline.bench.client import Job, NotStored, work
from hotline.bench.own import percentile
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


def test_it_says_which_answer_was_no_201():
    def refuse(listening):
        with closing(listening.accept()[0]) as line:
            line.recv(1000)
            line.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=refuse, args=[listening], daemon=True).start()
        job = Job("127.0.0.1", listening.getsockname()[1], "key", ["{}"], "test", connections=1, seconds=5)
        with pytest.raises(NotStored, match="503"):
            asyncio.run(work(job))


@pytest.mark.parametrize(("share", "found"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_one_of_the_values(share, found):
    assert percentile(range(1, 101), share) == found
