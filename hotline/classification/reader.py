"""reader(): the trained reader of this process; the joined model's from the moment that there is one."""

import fcntl
import os
import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from hotline.classification import artefact, embedding
from hotline.classification.language_model import LanguageModel, SecondReader
from hotline.classification.reading import Reader, Reading, Reads
from hotline.classification.teaching import told, version
from hotline.classification.word_judging import judge_words, live_words, new_words, settle
from hotline.db import transaction
from hotline.faults import tell
from hotline.logs import log
from hotline.settings import settings
from hotline.tenant import at_work

LOOKS_EVERY = 5.0  # seconds from one look at what has been taught to the next
LEAST_URGENT = 15  # of nice: whatever a citizen waits for goes before


def reader() -> Reader:
    """The reader trained on config/training; kept in the data folder, so that only the first start trains it."""
    return _trained().reader


@lru_cache
def reads() -> Reads:
    """What the lane reads with: the reader, and a language model behind it where one is set (language_model.py)."""
    model = LanguageModel.of_settings()
    return _trained() if model is None else SecondReader(_trained(), model)


def learn_in_background() -> None:
    """Read by what is taught from then on, within seconds, beside the work."""
    threading.Thread(target=_trained().stay_taught, name="taught", daemon=True).start()


def look_again() -> bool:
    """Read by what has been taught by now; whether that was new. Raises what the database raises."""
    return _trained().look_again()


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
        self._taught: tuple[object, ...] | None = None
        self._swapping = threading.Lock()

    def read(self, texts: Sequence[str | None]) -> list[Reading]:
        """By the model that there is by now."""
        return self.reader.read(texts)

    def look_again(self) -> bool:
        model = self.reader.model
        with transaction(at_work("reader")) as session:
            live, new = live_words(session), new_words(session)
        states = judge_words(model, live, new) if new else {}
        with transaction(at_work("reader")) as session:
            settle(session, states)
            taught = (model, *version(session))
            if taught == self._taught:
                return False
            by_now = told(session)
        made = by_now.reader(model)
        with self._swapping:
            if self.reader.model is model:
                self.reader, self._taught = made, taught
        return True

    def stay_taught(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST_URGENT)
        while True:
            try:
                self.look_again()
            except Exception as error:  # it goes on reading by what it was taught before
                tell(error, __name__, "not taught")
            time.sleep(LOOKS_EVERY)

    def join(self) -> None:
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST_URGENT)
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / "joining.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers one trains, and the others take what it made
                model = artefact.joined(self.folder) or artefact.make_joined(self.folder)
            with self._swapping:
                self.reader = Reader(model)
            log(__name__).info("reads with an embedding from now on")
        except Exception as error:  # the linear model goes on reading
            tell(error, __name__, "no joined model")


@lru_cache
def _trained() -> _Trained:
    return _Trained(settings().data_dir / "models")
