"""Whether the browser came over HTTPS."""

from starlette.requests import Request

from hotline.settings import settings


def is_secure(request: Request) -> bool:
    """By the settings, or as the proxy in front says (X-Forwarded-Proto)."""
    return settings().secure_cookies or request.url.scheme == "https"
