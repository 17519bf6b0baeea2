"""Words of the hotline's own that point to a topic: what they add to the scores of a text that says them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline.classification.clauses import open_part
from hotline.classification.features import OPEN
from hotline.classification.words import stems

Scores = NDArray[np.float64]

STRENGTH = (
    0.35  # of a score for a weight of 1: a text that is surely of a topic scores about that much more than others
)
MOST_OF_A_TOPIC = 2.0  # weights that count of all words of a topic together, however many a text says


@dataclass(frozen=True)
class OwnWords:
    """Stems of each word or phrase, the column of its topic, and its weight."""

    known: dict[tuple[str, ...], tuple[int, float]]
    columns: int

    @classmethod
    def of_topics(cls, words: Sequence[tuple[str, str, float]], topics: Sequence[str]) -> "OwnWords":
        """Of (word, topic, weight); what points to another topic than these counts for nothing."""
        columns = {topic: column for column, topic in enumerate(topics)}
        there = ((tuple(stems(word)), topic, weight) for word, topic, weight in words)
        return cls({said: (columns[topic], weight) for said, topic, weight in there if topic in columns}, len(columns))

    def of(self, texts: Sequence[str]) -> Scores:
        """What is added to the scores, a row a text: a word counts once, and less where it is said of what is over."""
        lengths = sorted({len(said) for said in self.known})
        return np.array([self._of(text, lengths) for text in texts], np.float64).reshape(len(texts), self.columns)

    def _of(self, text: str, lengths: list[int]) -> Scores:
        whole, still_open = self._weights(text, lengths), open_part(text)
        parts = whole if still_open == text else (1 - OPEN) * whole + OPEN * self._weights(still_open, lengths)
        return STRENGTH * parts

    def _weights(self, text: str, lengths: list[int]) -> Scores:
        found = np.zeros(self.columns)
        said = stems(text)
        spoken = {tuple(said[at : at + length]) for length in lengths for at in range(len(said) - length + 1)}
        for word in spoken & self.known.keys():
            column, weight = self.known[word]
            found[column] += weight
        return np.minimum(found, MOST_OF_A_TOPIC)
