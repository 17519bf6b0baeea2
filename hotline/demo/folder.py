"""The demo's data folder: where it is, that there is room in it, and what of an earlier run goes."""

import shutil
from pathlib import Path

from hotline.embedded import NoPlace, is_ours, recover

# What a run leaves in the folder; nothing else in it is ever touched. The trained reader in `models` is kept: it comes
# from the checkout's own texts, is named by their hash, and takes a while to train.
MADE = (
    *("postgres", "postgres.new", "postgres.half", "postgres.gone", "valkey", "log"),
    *("demo.json", "demo.json.new", "sign-ins.json", "keys.json", "citizens.key"),
)
NEEDED = 500_000_000  # bytes


def check_ours(folder: Path) -> None:
    """Raises NoPlace if the folder holds something that a demo would overwrite and that no demo made."""
    if is_ours(folder):
        return
    foreign = [name for name in MADE if (folder / name).exists()]
    if foreign:
        raise NoPlace(f"{folder} holds `{foreign[0]}`, which no demo made; choose another folder with --data.")


def check_space(folder: Path, needed: int = NEEDED) -> None:
    """Raises NoPlace if fewer than `needed` bytes are free where this folder is."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoPlace(f"Only {free // 10**6} MB are free in {folder}; the demo needs {needed // 10**6} MB.")


def wipe(folder: Path) -> None:
    """Remove what an earlier run made, inside the folder and outside; the caller holds the folder."""
    recover(folder)
    for path in (folder / name for name in MADE):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
