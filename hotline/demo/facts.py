"""What demo.json tells whoever visits the demo: where it is, the key of its phone system, and who can sign in."""

import json
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from hotline.sample.sign_ins import SignIn


class NoDemo(Exception):
    """The file is not there, or not one that `hotline demo` writes on this machine."""


@dataclass(frozen=True)
class Demo:
    """What demo.json says that its visitors need."""

    url: str
    integrator_key: str
    users: tuple[SignIn, ...]

    def agents(self) -> list[SignIn]:
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
            SignIn(user["username"], user["password"], user["role"], user["municipality"], tuple(user["topics"]))
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
