"""Reads texts: what they are about, in which language, and whether they are urgent."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from hotline.classification import artefact
from hotline.classification.embedding import embed
from hotline.classification.examples import UNKNOWN
from hotline.classification.language import language_of
from hotline.classification.model import Model, Probabilities
from hotline.classification.nearest import Nearest
from hotline.classification.own_words import OwnWords
from hotline.classification.supplement import Supplement
from hotline.text import readable

LONGEST = 4_000  # characters of a text that are read; what a citizen wants stands before that


@dataclass(frozen=True)
class Reading:
    """What a text says: topic and how sure (0 to 1), the other topics likeliest first, ISO 639-1 language, urgency.

    `urgent_because`: the code of a rule of classification.urgency, or ALIKE; its words are [inquiry.urgent_because] of
    the locales. `routed`: sure enough that the inquiry may go to the topic's queue without a question;
    `routed_from`: how sure that is.
    """

    topic: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    language: str
    urgent_because: str | None
    routed: bool
    routed_from: float = 1.0

    @property
    def urgent(self) -> bool:
        """Whether it cannot wait."""
        return self.urgent_because is not None


class Reads(Protocol):
    """Whatever reads texts."""

    def read(self, texts: Sequence[str | None]) -> list[Reading]:
        """A reading for each text, in their order."""


class Reader:
    """A trained model that reads texts, with what it was taught since: lessons, topics known by examples, and words.

    Other topics than those and the ones of config/topics.toml are never guessed.
    """

    def __init__(
        self,
        model: Model,
        taught: Supplement | None = None,
        nearest: Nearest | None = None,
        words: OwnWords | None = None,
    ) -> None:
        self.model, self.taught, self.nearest, self.words = model, taught, nearest, words

    @classmethod
    def load(cls, folder: Path, say: artefact.Say = lambda _: None) -> "Reader":
        """The best reader that the folder has: the joined model, else the linear one, which is trained if need be.

        What that takes long for is told to `say`.
        """
        return cls(artefact.joined(folder) or artefact.linear(folder, say))

    def read(self, texts: Sequence[str | None]) -> list[Reading]:
        """A reading for each text, in their order. An empty text or None: other, confidence 0, Danish, not urgent."""
        shortened = [readable(text or "")[:LONGEST] for text in texts]
        if not shortened:
            return []
        seen = self.model.features.of(shortened)
        embedding = embed if self.model.meaning is not None else None
        readings = self.readings(shortened, *self.model.read(shortened, embedding, self.taught, seen, self.words))
        return readings if self.nearest is None else self.nearest.over(seen, readings)

    def readings(self, texts: list[str], rows: Probabilities, urgent_because: list[str | None]) -> list[Reading]:
        """What the model's answers say of these texts."""
        return [self._reading(*one) for one in zip(texts, rows, urgent_because, strict=True)]

    def _reading(self, text: str, row: Probabilities, urgent_because: str | None) -> Reading:
        if not row.any():
            return Reading(UNKNOWN, 0.0, (), language_of(text), urgent_because=None, routed=False)
        topics = self.model.topics
        first, *others = (int(column) for column in np.argsort(-row, kind="stable"))
        confidence = float(row[first])
        return Reading(
            topic=topics[first],
            confidence=_rounded(confidence),
            alternatives=tuple((topics[column], _rounded(float(row[column]))) for column in others[:3]),
            language=language_of(text),
            urgent_because=urgent_because,
            routed=confidence >= self.model.routed_from,
            routed_from=self.model.routed_from,
        )


def _rounded(confidence: float) -> float:
    """To four places, and never to certain or impossible what is not quite so."""
    return min(max(round(confidence, 4), 0.0001), 0.9999) if 0 < confidence < 1 else confidence
