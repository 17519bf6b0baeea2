"""The socket that the demo listens on: opened once, handed to every web process."""

import errno
import socket

from hotline.embedded import CannotStart

HOST = "127.0.0.1"
FIRST, LAST = 8000, 8099


class PortInUse(CannotStart):
    """Another program listens on the port."""


def listen(port: int | None) -> socket.socket:
    """A listening socket on this port, or with None on the first free one from 8000; 0 lets the system choose.

    It stays open in the supervisor, so calls wait in its queue while a web process starts again.
    Raises PortInUse, or CannotStart where the port is not allowed.
    """
    if port is not None:
        return _listen(port)
    for candidate in range(FIRST, LAST):
        try:
            return _listen(candidate)
        except PortInUse:
            continue  # the next may be free
    return _listen(LAST)


def _listen(port: int) -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((HOST, port))
        opened.listen(2048)
    except OSError as error:
        opened.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"Port {port} is in use; choose another with --port.") from None
        raise CannotStart(f"Port {port} cannot be used: {error.strerror}.") from None
    return opened
