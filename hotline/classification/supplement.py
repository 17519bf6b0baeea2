"""What lessons add to a trained model: texts much like one are read a little more as it says, all others as before.

It is the ridge once more, for what the model gets wrong of the lessons, between them and a text alone: nothing is
trained anew, so it is there in seconds, and without the lessons everything is as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hotline.classification.ridge import SMOOTH

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Supplement:
    """`coefficients` have a row a lesson, a column a topic."""

    lessons: csr_matrix
    coefficients: Scores

    def of(self, seen: csr_matrix) -> Scores:
        """What is added to the scores of texts with these features, a row a text."""
        return _likeness(seen, self.lessons) @ self.coefficients


def learn(
    lessons: csr_matrix, missing: Scores, weights: Sequence[float], people: Sequence[int]
) -> tuple[Supplement, Scores]:
    """From what each lesson's scores lack to be right; and what each would get from the others' lessons alone.

    A lesson's weight, above 0, says how much it is believed, a whole example of the training texts 1.
    """
    whole = _likeness(lessons, lessons)
    whole[np.diag_indices_from(whole)] += SMOOTH / np.asarray(weights, np.float64)
    inverse = np.linalg.inv(whole)
    coefficients = inverse @ missing
    by_others, whose = missing.copy(), np.asarray(people)  # less what would be missing without one's own
    for person in sorted(set(people)):
        rows = np.flatnonzero(whose == person)
        by_others[rows] -= np.linalg.solve(inverse[np.ix_(rows, rows)], coefficients[rows])
    return Supplement(lessons, coefficients), by_others


def _likeness(some: csr_matrix, others: csr_matrix) -> Scores:
    """From 0 to 1, squared: a text that has a tenth in common with a lesson is none of its business."""
    return np.square((some @ others.T).toarray().astype(np.float64))
