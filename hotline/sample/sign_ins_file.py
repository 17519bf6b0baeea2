"""The file with the sample's sign-ins, which only its owner reads."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from hotline.sample.sign_ins import Secrets, SignIns


def read(path: Path) -> Secrets | None:
    """The secrets that were written to this file; None where there is no such file or nothing of use in it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Secrets(str(said["users"][0]["password"]), str(said["integrator_key"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None  # whoever asks makes new ones and says so


def write(path: Path, sign_ins: SignIns) -> None:
    """Put them into this file as JSON, for its owner's eyes only; whoever reads sees the old file or the new one.

    Raises OSError where the folder cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(sign_ins), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
