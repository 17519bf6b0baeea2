"""The client of `hotline bench intake` and its figures; the whole of it is run in tests/faults/test_bench.py."""

import asyncio
import socket
import threading
from contextlib import closing

import pytest

from hotline.bench.client import Job, NotStored, work
from hotline.bench.own import percentile


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
