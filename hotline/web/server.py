"""The web server: uvicorn, which lets the consoles' streams go before it waits for what is under way."""

import socket
from typing import Any

import uvicorn
from fastapi import FastAPI


class Server(uvicorn.Server):
    """One web process; `options` are those of uvicorn.Config."""

    def __init__(self, app: FastAPI, **options: Any) -> None:
        """`app` is hotline.app's; it opens its connections when the server starts."""
        super().__init__(
            uvicorn.Config(app, access_log=False, log_level="warning", server_header=False, **options),
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every event stream, answer what was asked, stop. A stream alone would last out the whole grace."""
        if hub := getattr(self._app.state, "hub", None):
            hub.let_go()
        await super().shutdown(sockets)
