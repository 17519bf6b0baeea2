"""Citizens' identities: sealed field by field, and found again by a keyed hash."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag

from hotline.clock import now
from hotline.privacy.ring import KeyRing, load
from hotline.settings import settings

VERSION = 1
NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed field was made with a key that is not in the ring, or has been changed since."""


def seal(value: str, field: str, ring: KeyRing | None = None) -> bytes:
    """Encrypt `value` (AES-256-GCM) for the column `field`, whose name is bound in: it opens nowhere else.

    The bytes are: format version, key number, 12 bytes of nonce, ciphertext with its tag.
    """
    ring = ring or key_ring()
    number = ring.sealing(now())
    nonce = secrets.token_bytes(NONCE_BYTES)
    head = bytes([VERSION, number])
    return head + nonce + ring.ciphers[number].encrypt(nonce, value.encode(), head + field.encode())


def unseal(sealed: bytes, field: str, ring: KeyRing | None = None) -> str:
    """The value that `seal` was given. Raises Unreadable for an unknown key, another field, or changed bytes."""
    ring = ring or key_ring()
    head, nonce, rest = sealed[:2], sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
    if len(head) != 2 or head[0] != VERSION or head[1] not in ring.keys:
        raise Unreadable(field)
    try:
        return ring.ciphers[head[1]].decrypt(nonce, rest, head + field.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(field) from error


def unsealed(sealed: bytes | None, field: str) -> str | None:
    """What was sealed; None where that is nothing, or its key is gone."""
    try:
        return unseal(sealed, field) if sealed else None
    except Unreadable:
        return None


def search_hash(value: str, field: str, ring: KeyRing | None = None) -> bytes:
    """A keyed hash (HMAC-SHA-256) of `value` in `field`: equal values give equal hashes, and nothing leads back."""
    ring = ring or key_ring()
    return hmac.digest(ring.search, f"{field}\0{value}".encode(), hashlib.sha256)


def body_hash(body: bytes, ring: KeyRing | None = None) -> bytes:
    """A keyed hash of a whole request. Without a key, who knows the rest of a body could try out its phone number."""
    return hmac.digest((ring or key_ring()).search, b"body\0" + body, hashlib.sha256)


@dataclass
class _Held:
    """The ring as it was read last, from which file, and by what that file is told from a newer one."""

    path: str
    mark: tuple[int, int, int] | None = None
    ring: KeyRing | None = None


@lru_cache
def _held() -> _Held:
    return _Held(str(settings().key_ring))


def key_ring() -> KeyRing:
    """The ring of this installation, from the file that the settings name; a new file there is read at its next use.

    While the file is away, what was read last goes on; raises FileNotFoundError or ValueError where nothing was.
    """
    held = _held()
    try:
        there = os.stat(held.path)
    except OSError:
        if held.ring is None:
            raise
        return held.ring
    mark = (there.st_mtime_ns, there.st_ino, there.st_size)
    if held.ring is None or held.mark != mark:
        held.ring, held.mark = load(Path(held.path)), mark
    return held.ring


def forget() -> None:
    """Let the next use look for the file that the settings name by then."""
    _held.cache_clear()
