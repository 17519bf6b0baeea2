"""Transport: sends bytes to an address that an integrator gave, and never to a machine that is none of theirs.

Whoever may name an address could otherwise have the hotline knock at what stands beside it. A name is resolved at each
connection, all of its addresses are looked at, and the connection goes to one that was looked at: a name that changes
meanwhile changes nothing. Redirects are not followed, no proxy is asked.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpcore

from hotline.integrations.errors import AddressNotAllowed
from hotline.settings import settings

LONGEST = 2_000  # characters of an address
CONNECT, WHOLE = 5.0, 15.0  # seconds for a connection, and for all of it
KEPT_OPEN = 30.0  # seconds
TIMEOUTS = {"connect": CONNECT, "read": WHOLE, "write": WHOLE, "pool": CONNECT}

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

NAT64 = ip_network("64:ff9b::/96")
COMPATIBLE = ip_network("::/96")  # of IPv4, as it was written once


class Unreachable(Exception):
    """Nothing was answered, or nothing that is HTTP; the word says what went wrong. It may pass."""


@dataclass(frozen=True)
class Reply:
    """The status of an answer, and after how many seconds it asks for the next one, where it says so."""

    status: int
    retry_after: str | None


async def resolved(host: str, port: int) -> list[str]:
    """Every address of a name, as the machine resolves it. Raises OSError where there is none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def check(url: str) -> None:
    """Raises AddressNotAllowed, with the reason as its `why`, for an address to which nothing may be sent."""
    host, port = parts(url)
    try:
        asked = _resolvers().submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = [str(one[4][0]) for one in asked.result(CONNECT)]
    except (OSError, TimeoutError, UnicodeError):
        raise AddressNotAllowed(why="unknown") from None
    judge(url, found)


def judge(url: str, found: Sequence[str]) -> None:
    """The same of the addresses that its name stands for: one of a machine beside ours is enough."""
    addresses = [ip_address(one.partition("%")[0]) for one in found]
    if not addresses or not all(is_public(one) or _is_ours_to_use(one) for one in addresses):
        raise AddressNotAllowed(why="private")
    if urlsplit(url).scheme != "https" and not all(map(_is_ours_to_use, addresses)):
        raise AddressNotAllowed(why="plain")


def parts(url: str) -> tuple[str, int]:
    """Host and port of an address. Raises AddressNotAllowed where it is none that we would write to."""
    try:
        split = urlsplit(url)
        host, port = split.hostname or "", split.port
    except ValueError:
        raise AddressNotAllowed(why="no_address") from None
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>^`{|}')
    if split.scheme not in ("http", "https") or not host or not is_plain or len(url) > LONGEST or port == 0:
        raise AddressNotAllowed(why="no_address")
    if split.username is not None or split.password is not None or split.fragment:
        raise AddressNotAllowed(why="no_address")
    return host, port or (443 if split.scheme == "https" else 80)


def is_public(address: Address) -> bool:
    """Whether the address is somebody's in the wide world, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and (address in NAT64 or address in COMPATIBLE):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return address not in COMPATIBLE and is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to the addresses alone that `is_public` or HOTLINE_WEBHOOK_NETWORKS lets through."""

    def __init__(self, resolve: Resolve = resolved) -> None:
        self._resolve = resolve
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve once, look at all, connect to one of these. Raises AddressNotAllowed, or httpcore.ConnectError."""
        try:
            async with asyncio.timeout(CONNECT):
                found = await self._resolve(host, port)
        except (OSError, TimeoutError, UnicodeError) as error:
            raise httpcore.ConnectError("not resolved") from error
        judge("https:", found)
        for address in found[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
        return await self._plain.connect_tcp(found[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """No address leads there. Raises AddressNotAllowed."""
        raise AddressNotAllowed(why="private")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Transport:
    """Sends to integrators' addresses, over connections that stay open for a while; close it after use."""

    def __init__(self, resolve: Resolve = resolved) -> None:
        self._resolve = resolve
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=None,
            max_keepalive_connections=20,
            keepalive_expiry=KEPT_OPEN,
            network_backend=Guarded(resolve),
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send it; the answer's body is not read. Raises Unreachable, or AddressNotAllowed."""
        host, port = parts(url)
        if urlsplit(url).scheme != "https":
            try:
                judge(url, await self._resolve(host, port))
            except (OSError, UnicodeError):
                raise Unreachable("no_connection") from None
        sent = {"Host": urlsplit(url).netloc, "User-Agent": "Hotline", "Content-Length": str(len(body)), **headers}
        asked = self._pool.stream(
            "POST", url, headers=list(sent.items()), content=body, extensions={"timeout": TIMEOUTS}
        )
        try:
            async with asyncio.timeout(WHOLE), asked as answer:
                said = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
                return Reply(answer.status, said.get(b"retry-after"))
        except (TimeoutError, httpcore.TimeoutException):
            raise Unreachable("late") from None
        except (httpcore.NetworkError, OSError):
            raise Unreachable("no_connection") from None
        except httpcore.ProtocolError:
            raise Unreachable("no_http") from None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._pool.aclose()


def _is_ours_to_use(address: Address) -> bool:
    return any(address in ip_network(one) for one in settings().webhook_networks.split(",") if one)


@lru_cache
def _resolvers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(8, "resolve")


@lru_cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
