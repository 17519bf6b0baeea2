"""Servers that outlive the process that started them: a postmaster that shuts down, backends without a postmaster."""

import time
from pathlib import Path

import psutil

from hotline.embedded.errors import CannotStart

NAMES = ("postgres", "valkey-server")


def wait_for_leftovers(folder: Path, patience: float = 15.0) -> None:
    """Wait until no server works in this folder or below it; after `patience` seconds kill those that still do.

    Raises CannotStart when even that does not end them.
    """
    started = time.monotonic()
    while left := processes_in(folder):
        waited = time.monotonic() - started
        if waited > patience:
            kill(left)
        if waited > 2 * patience:
            raise CannotStart(f"A server of an earlier run (process {left[0].pid}) does not end.")
        time.sleep(0.05)


def processes_in(folder: Path) -> list[psutil.Process]:
    """The servers of ours whose working directory is this folder or below it: both change into their data at start."""
    return [process for process in psutil.process_iter() if _works_in(process, folder)]


def kill(processes: list[psutil.Process]) -> None:
    """End them at once."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue  # it ended by itself meanwhile


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name() in NAMES and Path(process.cwd()).is_relative_to(folder)
    except psutil.Error:  # gone, a zombie, or somebody else's
        return False
