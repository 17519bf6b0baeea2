"""Which port the demo listens on."""

import socket

import pytest

from hotline.demo.address import FIRST, LAST, PortInUse, listen


def test_a_port_that_is_taken_is_named():
    with listen(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortInUse, match=f"Port {port} is in use; choose another with --port"):
            listen(port)


def test_without_a_wish_two_demos_listen_on_two_ports():
    with listen(None) as one, listen(None) as other:
        ports = {one.getsockname()[1], other.getsockname()[1]}
    assert len(ports) == 2
    assert ports <= set(range(FIRST, LAST + 1))


def test_only_this_machine_can_call():
    with listen(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_a_call_waits_while_no_web_process_runs():
    with listen(0) as listening, socket.create_connection(listening.getsockname(), timeout=60) as caller:
        caller.sendall(b"hello")
        answering, _ = listening.accept()
        with answering:
            assert answering.recv(5) == b"hello"
