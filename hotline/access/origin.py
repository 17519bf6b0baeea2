"""Whether a request comes from a page of another site, by what the browser says of itself."""

import re
from urllib.parse import urlsplit

from starlette.requests import Request

PORTS = {"http": "80", "https": "443"}


def from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site's page sent this.

    Where it says nothing of the site (an old one, or one that came without TLS) its `Origin` must be the host that was
    asked. Whoever says neither is no browser.
    """
    sites = request.headers.getlist("sec-fetch-site")
    if sites:
        return not set(sites) <= {"same-origin", "none"}
    return not all(_is_here(origin, request) for origin in request.headers.getlist("origin"))


def _is_here(origin: str, request: Request) -> bool:
    """A proxy may have kept to itself that it was asked over HTTPS; that HTTP is not HTTPS is known."""
    try:
        scheme, host = urlsplit(origin).scheme, urlsplit(origin).netloc
    except ValueError:
        return False
    if scheme not in PORTS or (scheme == "http" and request.url.scheme == "https"):
        return False
    return _with_port(host, scheme) == _with_port(request.headers.get("host", ""), scheme)


def _with_port(host: str, scheme: str) -> str:
    return host.lower() if re.search(r":[0-9]+$", host) else f"{host.lower()}:{PORTS[scheme]}"
