"""Speaks the hotline's public HTTP API for invented citizens and agents, and outlasts its restarts."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

API = "/api/v1"
LONGEST_WAIT = 2.0  # seconds between two tries while the hotline is away
# The hotline writes to a quiet stream now and then; one that is silent for so long is dead.
STREAM_TIMEOUT = httpx.Timeout(10, read=60)


class Refused(Exception):
    """The hotline said no; `status` is 4xx and `problem` its problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        """`problem` is {} where the answer was no JSON object."""
        super().__init__(f"{status} {problem.get('type', '')} {problem.get('detail') or problem.get('title', '')}")
        self.status = status
        self.problem = problem


class NoDemo(Exception):
    """The file is not there, or not one that `hotline demo` writes on this machine."""


@dataclass(frozen=True)
class User:
    """Someone who can sign in; `topics` are slugs, () for those who are no agents."""

    username: str
    password: str
    role: str
    municipality: str | None
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Demo:
    """What demo.json says that its visitors need."""

    url: str
    integrator_key: str
    users: tuple[User, ...]

    def agents(self) -> list[User]:
        """Those who answer, in the order of the file."""
        return [user for user in self.users if user.role == "agent"]

    def municipalities(self) -> list[str]:
        """The codes of the municipalities, sorted."""
        return sorted({user.municipality for user in self.users if user.municipality})


def read_demo(path: Path) -> Demo:
    """The demo that this demo.json describes. NoDemo where it is missing, broken, or not on this machine."""
    try:
        found = json.loads(path.read_text("utf-8"))
        users = tuple(
            User(user["username"], user["password"], user["role"], user["municipality"], tuple(user["topics"]))
            for user in found["users"]
        )
        demo = Demo(found["url"].rstrip("/"), found["integrator_key"], users)
    except OSError as error:
        raise NoDemo(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoDemo(f"{path}: {error}") from error
    host = urlsplit(demo.url).hostname or ""
    if host != "localhost" and not _loopback(host):
        raise NoDemo(f"{path}: {demo.url} is not on this machine; invented traffic goes nowhere else")
    return demo


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class EventStream:
    """Server-sent events from bytes cut anywhere; a line feed alone ends a line, as JSON may hold other separators."""

    def __init__(self) -> None:
        """At the beginning of a stream."""
        self._rest, self._name, self._data = b"", "message", list[str]()

    def feed(self, piece: bytes) -> Iterator[tuple[str, Any]]:
        """Name and data (from JSON) of every event that this piece completes."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            field, _, value = line.decode().rstrip("\r").partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                self._name = value
            elif field == "data":
                self._data.append(value)
            elif not field and not value:
                name, data = self._name, self._data
                self._name, self._data = "message", []
                if data:
                    yield name, json.loads("\n".join(data))


class Client:
    """One caller of the API with its own token; many may share one pool of connections (`http`)."""

    def __init__(self, http: httpx.AsyncClient, token: str | None = None) -> None:
        """`http` knows the hotline's address; `token` is an integrator's key or comes from sign_in."""
        self.http = http
        self.token = token

    async def sign_in(self, user: User) -> None:
        """Get a token of one's own. Refused where the password is wrong."""
        self.token = None
        answer = await self.call("POST", "/sessions", {"username": user.username, "password": user.password})
        self.token = answer["token"]

    async def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: str) -> Any:
        """The JSON answer of a call under /api/v1, tried again for as long as the hotline does not answer.

        `key` makes a POST safe to repeat. Refused on 4xx; only `too many` and `still running` are tried again.
        """
        headers = self._headers() | ({"Idempotency-Key": f'"{key}"'} if key else {})
        wait = 0.1
        while True:
            try:
                answer = await self.http.request(method, API + path, json=body, params=query or None, headers=headers)
                if answer.is_success:
                    return answer.json() if answer.content else None
                problem = _problem(answer)
                passing = answer.status_code >= 500 or answer.status_code == 429
                if not passing and not problem.get("type", "").endswith("/still-running"):
                    raise Refused(answer.status_code, problem)
            except (httpx.TransportError, ValueError):
                pass  # it restarts, or died in mid-answer: everything that is called here may be called twice
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    async def events(self) -> AsyncIterator[tuple[str, Any]]:
        """Names and data of /me/events until the stream ends or breaks. Refused on 4xx."""
        headers = self._headers() | {"Accept": "text/event-stream"}
        try:
            async with self.http.stream("GET", API + "/me/events", headers=headers, timeout=STREAM_TIMEOUT) as answer:
                if 400 <= answer.status_code < 500:
                    await answer.aread()
                    raise Refused(answer.status_code, _problem(answer))
                if answer.is_success:
                    stream = EventStream()
                    async for piece in answer.aiter_bytes():
                        for event in stream.feed(piece):
                            yield event
        except httpx.TransportError:
            return

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Connections:
    """A pool of connections to one hotline, closed at the end of a `with`."""

    def __init__(self, url: str) -> None:
        """`url` is the hotline's address without /api/v1."""
        # Event streams stay open: without a limit of none they would starve the calls beside them.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        self.http = httpx.AsyncClient(base_url=url, limits=limits, timeout=15, trust_env=False)

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self.http.aclose()

    def client(self, token: str | None = None) -> Client:
        """A caller of its own on these connections."""
        return Client(self.http, token)


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
