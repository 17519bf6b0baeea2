"""The citizens' pages hand in with a key, as every integrator does: made once, and read from a file."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

from sqlmodel import Session

from hotline.access import keys
from hotline.access.errors import UnknownIntegrator
from hotline.access.guards import KeyHolder, key_holder
from hotline.access.keys import Grant, Scope
from hotline.db import Db
from hotline.errors import NotFound, NotReady
from hotline.settings import settings
from hotline.web.one_thread import needs

NAME = "Borgersiden"


def read() -> str:
    """The key. Raises NotFound where there are no citizens' pages here, NotReady where the file cannot be read."""
    path = settings().citizens_key_file
    if path is None:
        raise NotFound
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise NotReady from None


def make(session: Session, path: Path, now: datetime) -> bool:
    """Write a key of the citizens' integrator to `path`, for its owner's eyes; false where one in force stands there.

    An older key holds on. Raises OSError where the file cannot be written.
    """
    known = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if known and keys.holder(session, known, now):
        return False
    grant = Grant((Scope.INTAKE, Scope.READ))
    try:
        key = keys.give(session, keys.of(session, NAME)[0], grant, now)
    except UnknownIntegrator:
        key = keys.add(session, NAME, grant, now)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(key + "\n")
    beside.replace(path)
    return True


def unready() -> str | None:
    """What is wrong with the setting, for `hotline check`; None where nothing is, or there are no citizens' pages."""
    path = settings().citizens_key_file
    if path is None or (path.is_file() and os.access(path, os.R_OK) and path.read_text(encoding="utf-8").strip()):
        return None
    return f"there is no key at {path}; `hotline integrators citizens` makes one"


def holder(db: Db) -> KeyHolder:
    """The citizens' integrator, as whom this transaction goes on. Raises NotFound and NotReady as `read` does."""
    found = key_holder(db, read())
    if found is None:
        raise NotReady
    return found


Holder = Annotated[KeyHolder, needs(holder)]
