"""Why a process must not begin: a secret that everybody knows, a demo that strangers reach, a cookie in the clear."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo
from redis.connection import parse_url

from hotline.settings import Settings

# What examples, images and habits bring; a password that is its own user name counts as well.
WELL_KNOWN = frozenset(
    {"admin", "changeme", "demo", "example", "hotline", "pass", "passw0rd", "password", "postgres", "redis", "root"}
    | {"secret", "test", "valkey", "123456", "12345678"}
)


def unsafe(settings: Settings, host: str | None = None) -> str | None:
    """One line that says what is not safe, None where nothing is; `host` is where a web process will listen."""
    return next(_found(settings, host), None)


def in_the_clear(settings: Settings) -> str | None:
    """What whoever runs the hotline should know of its cookies, None where they are for HTTPS alone."""
    if settings.demo or settings.secure_cookies:
        return None
    said = "is false" if "secure_cookies" in settings.model_fields_set else "is not set"
    return (
        f"HOTLINE_SECURE_COOKIES {said}: cookies are for HTTPS alone only where the proxy forwards that it was asked so"
    )


def host_of(fd: int) -> str:
    """The address that an open socket listens on; empty for one that has none, such as a Unix socket.

    Raises OSError where the number is of no open socket.
    """
    with socket.socket(fileno=socket.dup(fd)) as listening:
        name = listening.getsockname()
    return str(name[0]) if isinstance(name, tuple) else ""


def _found(settings: Settings, host: str | None) -> Iterator[str]:
    near = host is None or _is_local(host)
    if settings.demo:
        # Its sign-ins are printed, its integrator's key lies in a file, and whoever comes is let in with them.
        if not near:
            yield f"HOTLINE_DEMO is for this machine alone, and {host} is not"
        if not all(map(_is_local, _hosts(urlsplit(settings.database_url)))):
            yield "HOTLINE_DEMO is for this machine alone, and HOTLINE_DATABASE_URL leads to another"
        yield from _unguarded(settings)
        return
    for name, url in (
        ("HOTLINE_DATABASE_URL", settings.database_url),
        ("HOTLINE_OWNER_URL", settings.owner_url or ""),
        ("HOTLINE_REDIS_URL", settings.redis_url),
    ):
        if _is_well_known(urlsplit(url)):
            yield f"the password in {name} is one that everybody knows"
    if _everybody_knows(_client_secret(settings)):
        name = "HOTLINE_OIDC_CLIENT_SECRET" + ("_FILE" if settings.oidc_client_secret_file else "")
        yield f"the secret in {name} is one that everybody knows"
    if not near and not settings.secure_cookies and "secure_cookies" not in settings.model_fields_set:
        yield (
            "HOTLINE_SECURE_COOKIES must be true where others than this machine come in; "
            "say false yourself if sign-ins may travel in the clear"
        )
    if settings.key_ring.exists() and settings.key_ring.stat().st_mode & 0o007:
        yield f"everybody on this machine may open the key ring {settings.key_ring}; take that away (chmod o=)"
    yield from _unguarded(settings)


def _client_secret(settings: Settings) -> str:
    """Empty where there is none; that its file cannot be read says whoever needs it."""
    from hotline.access.oidc_secret import client_secret

    with suppress(OSError, ValueError):
        return client_secret(settings) or ""
    return ""


def _unguarded(settings: Settings) -> Iterator[str]:
    """Whoever can read or alter the way to either server reads citizens' words, or decides what is looked at."""
    if settings.unguarded_servers:
        return
    wanted = "asks for a password and TLS on the way to another machine; HOTLINE_UNGUARDED_SERVERS=1 does without"
    for name, url in (("HOTLINE_DATABASE_URL", settings.database_url), ("HOTLINE_OWNER_URL", settings.owner_url)):
        if url and not _is_guarded_database(url):
            yield f"{name} {wanted} (sslmode=verify-full, verify-ca or require)"
    redis = parse_url(settings.redis_url)
    there = "path" in redis or _is_local(str(redis.get("host", "localhost")))
    if not there and not (redis.get("password") and urlsplit(settings.redis_url).scheme == "rediss"):
        yield f"HOTLINE_REDIS_URL {wanted} (rediss://)"


def _is_guarded_database(url: str) -> bool:
    """As libpq takes the address: what it does not say comes from PGHOST, PGPASSWORD and the like, or a service."""
    usual = {one.keyword.decode(): one.val.decode() for one in Conninfo.get_defaults() if one.val is not None}
    said = usual | conninfo_to_dict(url)
    hosts = [host for key in ("host", "hostaddr") for host in str(said.get(key) or "").split(",")]
    if all(map(_is_local, hosts)) and not said.get("service"):
        return True
    secret = any(said.get(key) for key in ("password", "passfile", "sslcert"))
    return secret and said.get("sslmode") in ("require", "verify-ca", "verify-full")


def _hosts(url: SplitResult) -> list[str]:
    """Every host that a PostgreSQL address names; in its query, libpq allows several, and folders of Unix sockets."""
    asked = parse_qs(url.query)
    named = [one for key in ("host", "hostaddr") for value in asked.get(key, []) for one in value.split(",")]
    return [*([url.hostname] if url.hostname else []), *named]


def _is_local(host: str) -> bool:
    if host in ("", "localhost") or host.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_well_known(url: SplitResult) -> bool:
    # Libpq takes user and password from the query as well.
    asked = parse_qs(url.query)
    user = unquote(url.username or "") or asked.get("user", [""])[0]
    given = [unquote(url.password)] if url.password else asked.get("password", [])
    return any(_everybody_knows(one) or one == user for one in given)


def _everybody_knows(secret: str) -> bool:
    return secret.casefold() in WELL_KNOWN
