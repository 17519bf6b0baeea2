"""From how much a text resembles each topic to how probable each is, learned on texts by writers left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

Scores = NDArray[np.float64]

LOOSE = 3.0  # of the fit with a weight for each pair of topics; at 100 it learns its writers by heart
LEAST = 1e-9  # probable: a topic that these texts did not have


@dataclass(frozen=True)
class Calibration:
    """The mean of two fits: one weighs every pair of topics, one has two numbers for all topics together.

    The first finds the right topic more often, the second keeps on strangers what it promised.
    """

    topics: tuple[str, ...]
    pairs: LogisticRegression
    sharpness: tuple[float, float]

    def of(self, scores: Scores) -> Scores:
        """Probabilities, a row a text, a column a topic."""
        known = np.log(np.maximum(self.pairs.predict_proba(scores), LEAST))
        by_pairs = np.full(scores.shape, np.log(LEAST))
        by_pairs[:, [self.topics.index(one) for one in self.pairs.classes_]] = known
        both = by_pairs + log_softmax(_sharpened(scores, *self.sharpness), axis=1)
        return np.asarray(softmax(both / 2, axis=1), np.float64)


def fit(scores: Scores, right: list[str], topics: tuple[str, ...]) -> Calibration:
    """Learn from the scores of texts whose topics are known."""
    pairs = LogisticRegression(C=LOOSE, max_iter=500).fit(scores, right)
    columns = [topics.index(one) for one in right]

    def surprise(sharpness: Scores) -> float:
        said = log_softmax(_sharpened(scores, *sharpness), axis=1)
        return -float(said[np.arange(len(columns)), columns].mean())

    first, second = minimize(surprise, (8.0, 8.0), method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-6}).x
    return Calibration(topics, pairs, (float(first), float(second)))


def left_out(scores: Scores, right: list[str], topics: tuple[str, ...], writers: list[str]) -> Scores:
    """The probabilities of each writer's texts by what the scores of the others taught."""
    names, every = np.array(writers), np.array(right)
    found = np.zeros(scores.shape)
    for writer in sorted(set(writers)):
        own = names == writer
        found[own] = fit(scores[~own], every[~own].tolist(), topics).of(scores[own])
    return found


def _sharpened(scores: Scores, first: float, second: float) -> Scores:
    return first * scores + second * scores * np.abs(scores)
