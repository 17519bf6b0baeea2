"""What a benchmark stands on: a folder of its own, what its processes are told, and the values it gives out."""

import math
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hotline.embedded import Servers


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        yield Path(folder)


def environment(folder: Path, both: Servers) -> dict[str, str]:
    """What a process of the benchmark is told of its servers; nothing of any other hotline on this machine."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "PG"))}
    return env | {
        "HOTLINE_DATABASE_URL": both.database_url.replace("hotline@", "hotline_app@"),
        "HOTLINE_OWNER_URL": both.database_url,
        "HOTLINE_REDIS_URL": both.redis_url,
        "HOTLINE_DATA_DIR": str(folder),
        "HOTLINE_DEMO": "1",  # open at any hour, and a key may ask as often as it likes
    }


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of these values, which are in order, that is not below this share of them."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
