"""One process at a time works in a data folder: the lock, which is also the mark that the folder is ours."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline.embedded.errors import FolderInUse, NoPlace

LOCK = "hotline.lock"


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Make the folder if need be and hold it; gives its absolute path. A lock left by a dead process does no harm.

    Raises FolderInUse while another process holds it, NoPlace where it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder = folder.resolve()
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except FileExistsError:
        raise NoPlace(f"{folder} cannot be used: it is no folder") from None
    except OSError as error:
        raise NoPlace(f"{folder} cannot be used: {error.strerror}") from None
    try:
        _lock(descriptor, folder)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield folder
    finally:
        os.close(descriptor)


def is_ours(folder: Path) -> bool:
    """Whether a hotline has worked in this folder before."""
    return (folder / LOCK).is_file()


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        said = os.pread(descriptor, 32, 0).strip()
        pid = int(said) if said.isdigit() else None
        raise FolderInUse(f"{folder} is in use by a running hotline (process {pid or 'unknown'}).", pid) from None
    except OSError as error:
        raise NoPlace(f"{folder} cannot be locked: {error.strerror}") from None
