"""The web server: uvicorn, which lets the consoles' streams go before it waits for what is under way."""

import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI


class Server(uvicorn.Server):
    """One web process; `options` are those of uvicorn.Config."""

    def __init__(
        self, app: FastAPI, fd: int | None = None, begun: Callable[[], None] = lambda: None, **options: Any
    ) -> None:
        """`app` is hotline.app's; it opens its connections when the server starts, and then `begun` is called.

        `fd` is the number of an open socket of any family to listen on, which the server takes over.
        """
        super().__init__(
            uvicorn.Config(app, access_log=False, log_level="warning", server_header=False, **options),
        )
        self._app, self._fd, self._begun = app, fd, begun

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer until told to stop.

        uvicorn would open a descriptor as a Unix socket whatever it is; the loop then leaves TCP_NODELAY off, and each
        answer on a kept-open connection waits 40 ms for the other side's word that it had the one before.
        """
        if self._fd is not None:
            sockets = [socket.socket(fileno=self._fd)]
        await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self._begun()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every event stream, answer what was asked, stop. A stream alone would last out the whole grace."""
        if hub := getattr(self._app.state, "hub", None):
            hub.let_go()
        await super().shutdown(sockets)
