"""The key ring's file: read, made once, given a new key, and rid of an old one; always replaced as a whole."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline.privacy.durable import make_durable

MOST = 255
# A request under way may still store what it sealed with the key before.
STILL_STORED = timedelta(minutes=1)


class RingError(Exception):
    """What was asked of the key ring would leave something unreadable."""


@dataclass(frozen=True)
class KeyRing:
    """The keys by their number, 1 to 255, each sealing from its moment in `begins` on; `search` makes keyed hashes."""

    keys: Mapping[int, bytes]
    search: bytes
    begins: Mapping[int, datetime] = field(default_factory=dict)

    @cached_property
    def ciphers(self) -> dict[int, AESGCM]:
        """What seals and opens with each key, by its number."""
        return {number: AESGCM(key) for number, key in self.keys.items()}

    def sealing(self, now: datetime) -> int:
        """The number of the key that seals at `now` (aware): the highest that has begun."""
        begun = [number for number in self.keys if number not in self.begins or self.begins[number] <= now]
        return max(begun, default=min(self.keys))


def load(path: Path) -> KeyRing:
    """Read a ring; raises FileNotFoundError or ValueError with the file's name where there is none."""
    try:
        body = json.loads(path.read_text())
        keys = {int(number): base64.b64decode(key) for number, key in body["keys"].items()}
        begins = {int(number): datetime.fromisoformat(at) for number, at in body.get("begins", {}).items()}
        if not keys:
            raise ValueError
        return KeyRing(keys, base64.b64decode(body["search"]), begins)
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{path} is no key ring") from error


def make(path: Path) -> None:
    """Make a ring with one key where there is none yet (mode 0600); of two who try at once, one wins."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {"keys": {"1": _new_key()}, "search": base64.b64encode(secrets.token_bytes(32)).decode()}
    draft = _draft(path, body)
    try:
        os.link(draft, path)
        make_durable(path)
    except FileExistsError:
        pass  # somebody was quicker; theirs is the ring
    finally:
        draft.unlink()


def rotate(path: Path, begins: datetime) -> int:
    """Add a key that seals from `begins` (aware) on, by when every process must know it; its number.

    Raises RingError where the numbers have run out.
    """
    with _changing(path) as body:
        number = max(int(one) for one in body["keys"]) + 1
        if number > MOST:
            raise RingError(f"a ring holds keys up to number {MOST}")
        body["keys"][str(number)] = _new_key()
        body.setdefault("begins", {})[str(number)] = begins.isoformat()
    return number


def retire(path: Path, number: int, now: datetime) -> None:
    """Take out a key that nothing is sealed with any more, as the caller has made sure.

    Raises RingError where there is no such key, or it seals still or did until a minute before `now`.
    """
    with _changing(path) as body:
        if str(number) not in body["keys"]:
            raise RingError(f"there is no key {number}")
        if load(path).sealing(now - STILL_STORED) <= number:
            raise RingError(f"key {number} seals, or did a minute ago")
        del body["keys"][str(number)]
        body.get("begins", {}).pop(str(number), None)


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Any]]:
    """The file's content, written back by rename at the end; of two changes the second waits and sees the first."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load(path)
        body = json.loads(path.read_text())
        yield body
        mode = path.stat()
        draft = _draft(path, body)
        os.chmod(draft, mode.st_mode & 0o777)
        if os.geteuid() == 0:
            os.chown(draft, mode.st_uid, mode.st_gid)
        os.replace(draft, path)
        make_durable(path)  # nothing may be sealed with a key that a power cut could still take


def _draft(path: Path, body: dict[str, Any]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _new_key() -> str:
    return base64.b64encode(AESGCM.generate_key(256)).decode()
