"""A web process that is handed its listening socket, as the demo and systemd do it."""

import os
import socket
import threading
from contextlib import contextmanager

import httpx
import pytest

from hotline.app import create_app
from hotline.web.server import Server
from tests.waiting import until


@contextmanager
def served(listening):
    """A web process that was given the number of this socket, in a thread of this one."""
    server = Server(create_app(), fd=os.dup(listening.fileno()), loop="uvloop", http="httptools")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started or not thread.is_alive(), "it serves")
        yield server
    finally:
        server.should_exit = True
        thread.join(60)


def accepted(server):
    """The sockets of the connections that it has accepted and keeps open."""
    return [one.transport.get_extra_info("socket") for one in server.server_state.connections]


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_what_it_accepts_does_not_hold_answers_back(with_facts, family, host):
    with (
        socket.create_server((host, 0), family=family) as listening,
        served(listening) as server,
        httpx.Client() as http,
    ):
        shown = f"[{host}]" if ":" in host else host
        assert http.get(f"http://{shown}:{listening.getsockname()[1]}/healthz", timeout=60).status_code == 200
        [connection] = accepted(server)
        assert (connection.family, connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)) == (family, 1)


def test_it_may_be_a_unix_socket(with_facts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a path of a Unix socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("web.sock")
        listening.listen()
        with served(listening), httpx.Client(transport=httpx.HTTPTransport(uds="web.sock")) as http:
            assert http.get("http://hotline/healthz", timeout=60).status_code == 200
