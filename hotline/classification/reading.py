"""Reads texts: what they are about, in which language, and whether they are urgent."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import sklearn

from hotline import text as text_module
from hotline.classification import model as model_module
from hotline.classification import urgency as urgency_module
from hotline.classification import words as words_module
from hotline.classification.examples import TOPICS, examples, fingerprint, keywords, training_files
from hotline.classification.language import language_of
from hotline.classification.model import Model, Probabilities, train
from hotline.text import readable

UNKNOWN = "other"  # the topic of what says nothing, or nothing that is sure enough
LONGEST = 4_000  # characters of a text that are read; what a citizen wants stands before that


@dataclass(frozen=True)
class Reading:
    """What a text says: topic and how sure (0 to 1), the other topics likeliest first, ISO 639-1 language, urgency.

    `routed`: sure enough that the inquiry may go to the topic's queue without a question.
    """

    topic: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    language: str
    urgent: bool
    routed: bool


class Reader:
    """A trained model that reads texts. Topics beyond those of config/topics.toml are never guessed."""

    def __init__(self, model: Model) -> None:
        self.model = model

    @classmethod
    def load(cls, cache_dir: Path) -> "Reader":
        """The reader of these training texts: from the folder when it was trained before, else trained and kept there.

        A damaged file is trained anew; a folder that cannot be written to only costs the seconds of training each time.
        """
        kept = cache_dir / f"reader-{_key()}.joblib"
        model = _kept_model(kept)
        if model is None:
            model = train(examples(training_files()), keywords())
            _keep(model, kept)
        return cls(model)

    def read(self, texts: Sequence[str | None]) -> list[Reading]:
        """A reading for each text, in their order. An empty text or None: other, confidence 0, Danish, not urgent."""
        shortened = [readable(text or "")[:LONGEST] for text in texts]
        if not shortened:
            return []
        rows, urgent = self.model.read(shortened)
        return [self._reading(*one) for one in zip(shortened, rows, urgent, strict=True)]

    def _reading(self, text: str, row: Probabilities, urgent: bool) -> Reading:
        if not row.any():
            return Reading(UNKNOWN, 0.0, (), language_of(text), urgent=False, routed=False)
        topics = self.model.topics
        first, *others = (int(column) for column in np.argsort(-row, kind="stable"))
        confidence = float(row[first])
        return Reading(
            topic=topics[first],
            confidence=_rounded(confidence),
            alternatives=tuple((topics[column], _rounded(float(row[column]))) for column in others[:3]),
            language=language_of(text),
            urgent=urgent,
            routed=confidence >= self.model.routed_from,
        )


def _rounded(confidence: float) -> float:
    """To four places, and never to certain or impossible what is not quite so."""
    return min(max(round(confidence, 4), 0.0001), 0.9999) if 0 < confidence < 1 else confidence


def _key() -> str:
    """Changes with the training texts, with the code that learns from them, and with the library that does."""
    modules = (model_module, urgency_module, words_module, text_module)
    code = [Path(module.__file__) for module in modules if module.__file__]
    return f"{fingerprint([TOPICS, urgency_module.URGENCY, *training_files(), *code])}-{sklearn.__version__}"


def _kept_model(kept: Path) -> Model | None:
    if not kept.exists():
        return None
    try:
        model = joblib.load(kept)
    except Exception:  # a damaged pickle raises anything; training anew always helps
        return None
    return model if isinstance(model, Model) else None


def _keep(model: Model, kept: Path) -> None:
    beside = kept.with_suffix(f".{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        joblib.dump(model, beside)
        beside.replace(kept)
    except OSError:  # read-only or full: the model is in memory, only the next start trains again
        with suppress(OSError):
            beside.unlink()
