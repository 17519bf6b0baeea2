"""The client for threads and scripts."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from types import TracebackType
from typing import Any, Self

import httpx
from httpx_sse import EventSource

from hotline.client.answers import API, PATIENCE, STREAM_TIMEOUT, Event, Problem, Tries, connection, happened, told
from hotline.client.verbs import Verbs


class Client(Verbs[Any]):
    """One caller of the API with its own token. Threads may share it."""

    def __init__(self, url: str, token: str | None = None, *, patience: float | None = PATIENCE) -> None:
        """`url` is the hotline's address; `token` an integrator's key, or left to `sign_in`.

        A call that nobody answers is tried again for `patience` seconds, for ever with None.
        """
        self.url, self.token, self.patience = url.rstrip("/"), token, patience
        self.http = httpx.Client(base_url=self.url + API, auth=self._named, **connection())

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        self.http.close()

    def sign_in(self, username: str, password: str) -> None:
        """Get a token of one's own. Problem where the password is wrong."""
        self.token = None
        self.token = self.call("POST", "/sessions", {"username": username, "password": password})["token"]

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Any:
        """The JSON answer of a call under /api/v1. Problem on 4xx, Away when nobody answers.

        What passes (a restart, a full pool, `too many`, `still running`) is tried again, so whatever is called may be
        called twice: what would then be done twice needs a `key`, which makes a POST safe to repeat.
        """
        tries = Tries(f"{method} {path}", self.patience)
        for _ in tries:
            try:
                headers = {"Idempotency-Key": f'"{key}"'} if key else None
                answer = self.http.request(method, path, json=body, params=query or None, headers=headers)
                if tries.over(answer):
                    return told(answer)
            except (httpx.TransportError, ValueError) as error:  # it restarts, or died in mid-answer
                tries.last = repr(error)
            time.sleep(tries.pause)
        raise AssertionError("tries end by raising")

    def events(self) -> "Events":
        """The events of the agent who signed in: first the whole state, then what changes. Problem on 4xx."""
        return Events(self.http)

    def _named(self, request: httpx.Request) -> httpx.Request:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Events:
    """An open event stream; iterate over it. It ends when it breaks, or when anybody, in any thread, closes it."""

    def __init__(self, http: httpx.Client) -> None:
        """Opens it. Problem on 4xx; httpx.TransportError where nobody answers."""
        request = http.build_request("GET", "/me/events", headers=ACCEPTS, timeout=STREAM_TIMEOUT)
        self._answer = http.send(request, stream=True)
        if not self._answer.is_success:
            with closing(self._answer):
                self._answer.read()
            raise Problem(self._answer)

    def __iter__(self) -> Iterator[Event]:
        """Every event, until the end of the stream."""
        with suppress(httpx.TransportError), closing(self._answer):
            for sent in EventSource(self._answer).iter_sse():
                if event := happened(sent):
                    yield event

    def close(self) -> None:
        """Go away, as a console does whose window is closed."""
        with suppress(OSError):
            line: socket.socket = self._answer.extensions["network_stream"].get_extra_info("socket")
            line.shutdown(socket.SHUT_RDWR)


ACCEPTS = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
