"""Citizens' identities: sealed field by field, and found again by a keyed hash."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline.settings import settings

VERSION = 1
NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed field was made with a key that is not in the ring, or has been changed since."""


@dataclass(frozen=True)
class KeyRing:
    """The keys by their number, 1 to 255; new fields are sealed with the highest. `search` makes keyed hashes."""

    keys: dict[int, bytes]
    search: bytes

    @property
    def newest(self) -> int:
        """The number of the key that seals now."""
        return max(self.keys)


def seal(value: str, field: str, ring: KeyRing | None = None) -> bytes:
    """Encrypt `value` (AES-256-GCM) for the column `field`, whose name is bound in: it opens nowhere else.

    The bytes are: format version, key number, 12 bytes of nonce, ciphertext with its tag.
    """
    ring = ring or key_ring()
    nonce = secrets.token_bytes(NONCE_BYTES)
    head = bytes([VERSION, ring.newest])
    return head + nonce + AESGCM(ring.keys[ring.newest]).encrypt(nonce, value.encode(), head + field.encode())


def unseal(sealed: bytes, field: str, ring: KeyRing | None = None) -> str:
    """The value that `seal` was given. Raises Unreadable for an unknown key, another field, or changed bytes."""
    ring = ring or key_ring()
    head, nonce, rest = sealed[:2], sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
    if len(head) != 2 or head[0] != VERSION or head[1] not in ring.keys:
        raise Unreadable(field)
    try:
        return AESGCM(ring.keys[head[1]]).decrypt(nonce, rest, head + field.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(field) from error


def search_hash(value: str, field: str, ring: KeyRing | None = None) -> bytes:
    """A keyed hash (HMAC-SHA-256) of `value` in `field`: equal values give equal hashes, and nothing leads back."""
    ring = ring or key_ring()
    return hmac.new(ring.search, f"{field}\0{value}".encode(), hashlib.sha256).digest()


@lru_cache
def key_ring() -> KeyRing:
    """The ring of this installation, from the file that the settings name."""
    return load(settings().key_ring)


def load(path: Path) -> KeyRing:
    """Read a ring; raises FileNotFoundError or ValueError with the file's name where there is none."""
    try:
        body = json.loads(path.read_text())
        keys = {int(number): base64.b64decode(key) for number, key in body["keys"].items()}
        return KeyRing(keys, base64.b64decode(body["search"]))
    except (ValueError, KeyError, AttributeError) as error:
        raise ValueError(f"{path} is no key ring") from error


def make(path: Path) -> None:
    """Make a ring with one key where there is none yet (mode 0600); of two who try at once, one wins."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "keys": {"1": base64.b64encode(AESGCM.generate_key(256)).decode()},
        "search": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump(body, file)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody was quicker; theirs is the ring
    finally:
        draft.unlink()
