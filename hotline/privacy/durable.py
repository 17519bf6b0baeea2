"""A file that was made or renamed keeps its name through a power cut."""

import os
from pathlib import Path


def make_durable(file: Path) -> None:
    """Have the folder of `file` written to disk; the file's own bytes are for its writer to sync before."""
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
