"""The client for event loops: many callers, each with a token of its own, may share the connections of one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import httpx
from httpx_sse import aconnect_sse

from hotline.client.answers import API, PATIENCE, STREAM_TIMEOUT, Event, Problem, Tries, connection, happened, told
from hotline.client.verbs import Verbs


class AsyncClient(Verbs[Awaitable[Any]]):
    """As Client, to be awaited."""

    def __init__(self, url: str, token: str | None = None, *, patience: float | None = PATIENCE) -> None:
        """As Client's."""
        self.token, self.patience = token, patience
        self.http = httpx.AsyncClient(base_url=url.rstrip("/") + API, **connection())

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection, also of those who share them."""
        await self.http.aclose()

    def another(self, token: str | None = None) -> "AsyncClient":
        """A caller with a token of its own on the same connections."""
        other = object.__new__(AsyncClient)
        other.http, other.token, other.patience = self.http, token, self.patience
        return other

    async def sign_in(self, username: str, password: str) -> None:
        """As Client's."""
        self.token = None
        answer = await self.call("POST", "/sessions", {"username": username, "password": password})
        self.token = answer["token"]

    async def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Any:
        """As Client's."""
        tries = Tries(f"{method} {path}", self.patience)
        for _ in tries:
            try:
                headers = self._named() | ({"Idempotency-Key": f'"{key}"'} if key else {})
                answer = await self.http.request(method, path, json=body, params=query or None, headers=headers)
                if tries.over(answer):
                    return told(answer)
            except (httpx.TransportError, ValueError) as error:  # it restarts, or died in mid-answer
                tries.last = repr(error)
            await asyncio.sleep(tries.pause)
        raise AssertionError("tries end by raising")

    async def events(self) -> AsyncIterator[Event]:
        """As Client's; nothing where nobody answers."""
        with suppress(httpx.TransportError):
            async with aconnect_sse(
                self.http, "GET", "/me/events", headers=self._named(), timeout=STREAM_TIMEOUT
            ) as source:
                if 400 <= source.response.status_code < 500:
                    await source.response.aread()
                    raise Problem(source.response)
                if source.response.is_success:
                    async for sent in source.aiter_sse():
                        if event := happened(sent):
                            yield event

    def _named(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}
