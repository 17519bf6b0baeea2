"""What each process says, in a file of its own that does not grow for ever."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LARGEST = 10_000_000  # bytes


@dataclass(frozen=True)
class Logs:
    """The files `NAME.log` of one folder, and one older `NAME.log.1` beside each that grew too large."""

    folder: Path

    def path(self, name: str) -> Path:
        """The file of the process of this name."""
        return self.folder / f"{name}.log"

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The file, to append to; readable by its owner alone."""
        self.folder.mkdir(exist_ok=True)
        path = self.path(name)
        path.touch(mode=0o600)
        with path.open("ab") as file:
            yield file

    def last_line(self, name: str) -> str:
        """The last line that says anything."""
        lines = self.path(name).read_text(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else "it said nothing"

    def bound(self, largest: int = LARGEST) -> None:
        """Set aside what has grown beyond `largest` bytes. The processes keep their files open and append to them,
        so the file is copied and cut, not moved; a line written in between may be lost."""
        for path in self.folder.glob("*.log"):
            if path.stat().st_size > largest:
                shutil.copy2(path, path.with_name(f"{path.name}.1"))
                with path.open("r+b") as file:
                    file.truncate()
