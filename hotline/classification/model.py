"""The trained model: how alike a text is to those it knows, to the probability of each topic, and to urgency."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from hotline.classification import calibration, ridge
from hotline.classification.calibration import Calibration
from hotline.classification.examples import Example, Keyword
from hotline.classification.features import Features, learn
from hotline.classification.own_words import OwnWords
from hotline.classification.supplement import Supplement
from hotline.classification.thresholds import routed_from, urgent_from
from hotline.classification.urgency import ALIKE, RULES, rules_of
from hotline.classification.writers import parts

Matrix = NDArray[np.float32]
Probabilities = NDArray[np.float64]
Embed = Callable[[list[str]], Matrix]


@dataclass(frozen=True)
class Meaning:
    """The known texts' embeddings, from which their mean is taken: what all texts have in common tells nothing."""

    mean: Matrix
    known: Matrix

    def of(self, embedded: Matrix) -> Matrix:
        """Embeddings as directions seen from the mean, a row of length 1 for each text."""
        seen = embedded - self.mean
        return np.asarray(seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-6), np.float32)


@dataclass(frozen=True)
class Model:
    """What training gives. `meaning` is None for the model that needs no embedding."""

    topics: tuple[str, ...]
    features: Features
    known: csr_matrix
    meaning: Meaning | None
    coefficients: Probabilities  # a row a known text, a column a topic and the last one for urgency
    topic: Calibration
    urgency: LogisticRegression
    routed_from: float
    urgent_from: float
    left_out: Probabilities  # the scores of each example by what the other writers wrote
    right: tuple[str, ...]  # and its topic

    def read(
        self,
        texts: list[str],
        embed: Embed | None = None,
        taught: Supplement | None = None,
        seen: csr_matrix | None = None,
        words: OwnWords | None = None,
    ) -> tuple[Probabilities, list[str | None]]:
        """A row for each text with a column for each topic, zeros where nothing is known; and why it is urgent.

        `seen` are the texts' features, where somebody has them already.
        """
        seen = self.features.of(texts) if seen is None else seen
        scores, known = self.scores(texts, seen, embed), np.diff(seen.indptr) > 0
        if taught is not None:
            scores[:, :-1] += taught.of(seen)
        if words is not None:
            added = words.of(texts)
            scores[:, :-1] += added
            known |= added.any(axis=1)
        return self.judge(texts, scores, known)

    def scores(self, texts: list[str], seen: csr_matrix, embed: Embed | None = None) -> Probabilities:
        """How much each text, with these features, is of each topic, and in the last column how urgent."""
        alike = (seen @ self._by_feature).toarray()
        if self.meaning is not None:
            if embed is None:
                raise ValueError("this model reads with an embedding")
            alike = (alike + self.meaning.of(embed(texts)) @ self.meaning.known.T) / np.float32(2)
        # In double precision a text scores the same alone and among others, to more places than are shown.
        return np.asarray(ridge.kernel(alike).astype(np.float64) @ self.coefficients)

    @cached_property
    def _by_feature(self) -> csr_matrix:
        """The known texts, a row a feature: turned round for each text alone, that takes longer than all the rest."""
        return self.known.T.tocsr()

    def judge(
        self, texts: list[str], scores: Probabilities, known: NDArray[np.bool_]
    ) -> tuple[Probabilities, list[str | None]]:
        """Probabilities, and why a text is urgent (None: it is not); where nothing is `known` there is neither."""
        topics = self.topic.of(scores[:, :-1]) * known[:, None]
        return topics, self.why_urgent(texts, topics, scores, known)

    def why_urgent(
        self, texts: list[str], topics: Probabilities, scores: Probabilities, known: NDArray[np.bool_]
    ) -> list[str | None]:
        """The gravest rule that an urgent text meets, ALIKE where it meets none; None where it can wait."""
        return self._why(_rules(texts, [self.topics[column] for column in topics.argmax(axis=1)]), scores, known)

    def _why(self, rules: list[list[str]], scores: Probabilities, known: NDArray[np.bool_]) -> list[str | None]:
        worry = self.urgency.predict_proba(_worries(rules, scores[:, -1]))[:, 1]
        urgent = (worry >= self.urgent_from) & known
        return [(met or [ALIKE])[0] if now else None for met, now in zip(rules, urgent, strict=True)]


@dataclass(frozen=True)
class Held:
    """How each example was read by a model that knew nothing its writer had written."""

    topics: Probabilities
    urgent_because: list[str | None]


def train(examples: list[Example], keywords: list[Keyword], embed: Embed | None = None) -> tuple[Model, Held]:
    """Learn from examples and, with lower weight, from keywords. Same input, same model."""
    # Many short vector sums: BLAS's own threads wait for each other and take five times as long where cores are shared.
    with threadpool_limits(limits=1):
        return _train(examples, keywords, embed)


def _train(examples: list[Example], keywords: list[Keyword], embed: Embed | None) -> tuple[Model, Held]:
    labelled: list[Example | Keyword] = [*examples, *keywords]
    texts = [one.text for one in labelled]
    features, known = learn(texts)
    alike = (known @ known.T).toarray()
    meaning = None
    if embed is not None:
        embedded = embed(texts)
        meaning = Meaning(embedded[: len(examples)].mean(axis=0), embedded)
        meaning = Meaning(meaning.mean, meaning.of(embedded))
        alike = (alike + meaning.known @ meaning.known.T) / np.float32(2)
    names = sorted({one.topic for one in labelled})
    answers = np.zeros((len(labelled), len(names) + 1), np.float32)
    for row, one in enumerate(labelled):
        answers[row, names.index(one.topic)] = 1
        answers[row, -1] = isinstance(one, Example) and one.urgent
    weights = [1.0 if isinstance(one, Example) else one.weight for one in labelled]
    writers = [*parts(examples), *([None] * len(keywords))]
    coefficients, every_score = ridge.solve(alike, answers, weights, writers)
    scores = every_score[: len(examples)].astype(np.float64)
    right, said, topics = [one.topic for one in examples], texts[: len(examples)], tuple(names)
    probable = calibration.left_out(scores[:, :-1], right, topics, parts(examples))
    likeliest = [topics[column] for column in probable.argmax(axis=1)]
    urgent = np.array([one.urgent for one in examples])
    rules = _rules(said, likeliest)
    worries = _worries(rules, scores[:, -1])
    urgency = LogisticRegression(C=10, max_iter=500).fit(worries, urgent)
    model = Model(
        topics=topics,
        features=features,
        known=known,
        meaning=meaning,
        coefficients=coefficients.astype(np.float64),
        topic=calibration.fit(scores[:, :-1], right, topics),
        urgency=urgency,
        routed_from=routed_from(probable.max(axis=1), np.array(likeliest) == np.array(right), parts(examples)),
        urgent_from=urgent_from(urgency.predict_proba(worries)[:, 1], urgent),
        left_out=scores,
        right=tuple(right),
    )
    return model, Held(probable, model._why(rules, scores, np.ones(len(said), dtype=bool)))


def _rules(texts: list[str], topics: list[str]) -> list[list[str]]:
    return [rules_of(*one) for one in zip(texts, topics, strict=True)]


def _worries(rules: list[list[str]], scores: Probabilities) -> Probabilities:
    """What urgency is judged by, a row a text: how urgent the texts like it are, and which rules it meets."""
    return np.column_stack([5 * scores, [[name in met for name in RULES] for met in rules]]).astype(np.float64)
