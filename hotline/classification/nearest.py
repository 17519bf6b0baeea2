"""Topics that the model was not trained for: a text is theirs that is more like their examples than nearly any."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hotline.classification.model import Model

if TYPE_CHECKING:
    from hotline.classification.reading import Reading

FEWEST = 3  # examples, below which nothing can be told from them
# Of the texts that the model was trained from, none of which is about the topic, so many are as like its examples as a
# text that is taken for theirs: one of two hundred.
STRANGERS = 0.005


@dataclass(frozen=True)
class Nearest:
    """Topics known by examples alone: the middle of each one's examples, a column a topic.

    `strangers`, a row a topic, is how like it the texts are that the model was trained from, ascending.
    """

    topics: tuple[str, ...]
    middles: csr_matrix
    strangers: NDArray[np.float32]

    def over(self, seen: csr_matrix, readings: list["Reading"]) -> list["Reading"]:
        """The readings, those as they were that are like no topic's examples; `seen` has a row of features for each."""
        alike = (seen @ self.middles).toarray()
        return [self._over(row, reading) for row, reading in zip(alike, readings, strict=True)]

    def _over(self, alike: NDArray[np.float32], reading: "Reading") -> "Reading":
        unlike = [
            float(np.searchsorted(strangers, like) / len(strangers))
            for strangers, like in zip(self.strangers, alike, strict=True)
        ]
        best = max(range(len(unlike)), key=lambda column: (unlike[column], float(alike[column])))
        if unlike[best] < 1 - STRANGERS:
            return reading
        others = ((reading.topic, reading.confidence), *reading.alternatives)
        sure = min(round(unlike[best], 4), 0.9999)
        return replace(reading, topic=self.topics[best], confidence=sure, alternatives=others[:3], routed=True)


def learn(model: Model, examples: Mapping[str, list[str]]) -> Nearest | None:
    """What these texts tell of their topics; of those with too few nothing, and None where that is all."""
    enough = {topic: texts for topic, texts in sorted(examples.items()) if len(texts) >= FEWEST}
    if not enough:
        return None
    middles = csr_matrix(np.vstack([np.asarray(model.features.of(texts).mean(axis=0)) for texts in enough.values()]).T)
    strangers = (model.known[: len(model.right)] @ middles).toarray().T
    return Nearest(tuple(enough), middles.astype(np.float32), np.sort(strangers, axis=1))
