"""What citizens had erased, kept beside the database: a backup is older than some of it, and would bring it back."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from hotline.privacy.citizens import FIELDS, Erased, Subject, erase_these, left_of
from hotline.privacy.durable import make_durable


@dataclass(frozen=True)
class Erasure:
    """One erasure: when, whose (by the keyed hash of a phone, email, cpr or reference), and of which inquiries."""

    at: datetime
    field: str
    hash: bytes
    inquiries: tuple[UUID, ...]


def write_down(file: Path, one: Erasure) -> None:
    """Add a line, safely on disk when this returns; the file is readable by its owner alone. Raises OSError."""
    inquiries = [str(inquiry) for inquiry in one.inquiries]
    line = {"at": one.at.isoformat(), "field": one.field, "hash": one.hash.hex(), "inquiries": inquiries}
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
        out.flush()
        os.fsync(out.fileno())
    make_durable(file)


def written_down(file: Path) -> Iterator[Erasure]:
    """Every line, oldest first. Raises OSError, and ValueError naming the line that is none."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                said = json.loads(line)
                at = datetime.fromisoformat(said["at"])
                if at.tzinfo is None or said["field"] not in (*FIELDS, "reference"):
                    raise ValueError
                inquiries = tuple(UUID(inquiry) for inquiry in said["inquiries"])
                yield Erasure(at, said["field"], bytes.fromhex(said["hash"]), inquiries)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"line {number} is no erasure") from error


def again(session: Session, one: Erasure, now: datetime) -> Erased:
    """Erase what was erased then, as far as a restore has brought it back; what the citizen asked since then stays."""
    return erase_these(session, left_of(session, one.inquiries, Subject(one.field, one.hash), one.at), now)
