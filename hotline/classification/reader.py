"""reader(): the trained reader of this process; the joined model's from the moment that there is one."""

import fcntl
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from hotline.classification import artefact, embedding
from hotline.classification.language_model import LanguageModel, SecondReader
from hotline.classification.reading import Reader, Reading, Reads
from hotline.faults import tell
from hotline.logs import log
from hotline.settings import settings

LEAST_URGENT = 15  # of nice: whatever a citizen waits for goes before


def reader() -> Reader:
    """The reader trained on config/training; kept in the data folder, so that only the first start trains it."""
    return _trained().reader


@lru_cache
def reads() -> Reads:
    """What the lane reads with: the reader, and a language model behind it where one is set (language_model.py)."""
    model = LanguageModel.of_settings()
    return _trained() if model is None else SecondReader(_trained(), model)


def join_in_background() -> None:
    """Train the model with an embedding beside the work, where it can be and is not there, and read with it then.

    Where nothing can be embedded the linear model goes on reading: it is less often sure (docs/classification.md).
    """
    trained = _trained()
    if trained.reader.model.meaning is not None:
        return
    if reason := embedding.why_not():
        log(__name__).info("reads without an embedding, so fewer texts go to a queue unasked", because=reason)
        return
    threading.Thread(target=trained.join, name="joining", daemon=True).start()


class _Trained:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reader = Reader.load(folder)

    def read(self, texts: Sequence[str | None]) -> list[Reading]:
        """By the model that there is by now."""
        return self.reader.read(texts)

    def join(self) -> None:
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST_URGENT)
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / "joining.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers one trains, and the others take what it made
                model = artefact.joined(self.folder) or artefact.make_joined(self.folder)
            self.reader = Reader(model)
            log(__name__).info("reads with an embedding from now on")
        except Exception as error:  # the linear model goes on reading
            tell(error, __name__, "no joined model")


@lru_cache
def _trained() -> _Trained:
    return _Trained(settings().data_dir / "models")
