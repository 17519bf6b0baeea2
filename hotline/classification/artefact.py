"""The trained models as files, named by the hash of what they were trained from."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import joblib
import sklearn

from hotline import text as text_module
from hotline.classification import (
    calibration,
    clauses,
    embedding,
    features,
    model,
    ridge,
    thresholds,
    urgency,
    words,
    writers,
)
from hotline.classification.examples import (
    TOPICS,
    Example,
    Keyword,
    examples,
    fingerprint,
    keywords,
    own_keywords,
    training_files,
)
from hotline.classification.judgement import figures
from hotline.classification.model import Held, Model, train
from hotline.settings import settings

Say = Callable[[str], None]


def linear(folder: Path, say: Say = lambda _: None) -> Model:
    """The model without an embedding: from the folder when it was trained before, else trained and kept there.

    A damaged file is trained anew; a folder that cannot be written to only costs the seconds of training each time.
    Of several processes that find nothing one trains, and the others wait for what it keeps.
    """
    file = linear_file(folder)
    if kept := _kept(file):
        return kept
    say("no reader has been trained here yet; that takes a minute or so, once")
    with _alone(file):
        return _kept(file) or _made(file, say)


def joined(folder: Path) -> Model | None:
    """The model with an embedding, where it was trained before and can be read with here."""
    return _kept(joined_file(folder)) if embedding.why_not() is None else None


def make_joined(folder: Path, say: Say = lambda _: None) -> Model:
    """Train the model with an embedding and keep it; raises ImportError where nothing can be embedded."""
    if reason := embedding.why_not():
        raise ImportError(reason)
    return _made(joined_file(folder), say, embedding.remembering(folder, say))


def left_out(folder: Path, say: Say, joining: bool) -> tuple[list[Example], Model, Held]:
    """The training texts, each read by a model that knew none by its writer."""
    texts = examples(training_files())
    embed = embedding.remembering(folder, say) if joining else None
    say("reading the texts of each writer by what the others wrote")
    return texts, *train(texts, _keywords(), embed)


def linear_file(folder: Path) -> Path:
    """Where the linear model of this release is kept; beside it, as .json, its figures."""
    return folder / f"reader-{key()}.joblib"


def joined_file(folder: Path) -> Path:
    """The same of the model with an embedding."""
    return folder / f"joined-{key()}-{embedding.version() if embedding.why_not() is None else 'none'}.joblib"


def key() -> str:
    """Changes with the training texts, with the code that learns from them, and with the library that does."""
    modules = (model, calibration, features, clauses, ridge, thresholds, writers, urgency, words, text_module)
    code = [Path(module.__file__) for module in modules if module.__file__]
    own = [file] if (file := settings().keywords_file) else []
    return f"{fingerprint([TOPICS, urgency.URGENCY, *own, *training_files(), *code])}-{sklearn.__version__}"


def _keywords() -> list[Keyword]:
    """Those that ship, and those of the hotline's own file, where settings name one."""
    return [*keywords(), *(own_keywords(file) if (file := settings().keywords_file) else [])]


def _made(file: Path, say: Say, embed: model.Embed | None = None) -> Model:
    texts = examples(training_files())
    say(f"learning from {len(texts)} texts{' and their embeddings' if embed else ''}")
    made, _ = train(texts, _keywords(), embed)
    _store(made, file)
    say(f"trained: {file.name}")
    return made


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time, where the folder can be written to; a process that dies keeps nobody out."""
    with ExitStack() as held:
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            fcntl.flock(held.enter_context(file.with_suffix(".lock").open("w")), fcntl.LOCK_EX)
        yield


def _kept(file: Path) -> Model | None:
    if not file.exists():
        return None
    try:
        kept = joblib.load(file)
    except Exception:  # a damaged pickle raises anything; training anew always helps
        return None
    return kept if isinstance(kept, Model) else None


def _store(made: Model, file: Path) -> None:
    beside = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        joblib.dump(made, beside)
        beside.replace(file)
        file.with_suffix(".json").write_text(json.dumps(asdict(figures(made))), encoding="utf-8")
    except OSError:  # read-only or full: the model is in memory, only the next start trains again
        with suppress(OSError):
            beside.unlink()
