"""The trained model: words and character sequences to the probability of each topic, and to urgency."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import FeatureUnion
from threadpoolctl import threadpool_limits

from hotline.classification.examples import Example, Keyword
from hotline.classification.urgency import is_urgent
from hotline.classification.words import plain, stems

Probabilities = NDArray[np.float64]

KEYWORD_WEIGHT = 0.5  # of an example's; chosen by cross-validation on the training texts
ROUTED_ACCURACY = 0.96  # what share of the texts that go to a queue without a question must be in the right one
FOLDS = 3


@dataclass(frozen=True)
class Model:
    """What training gives: features, classifiers for topics and urgency, and from where on each is believed."""

    features: FeatureUnion
    topic: LogisticRegression
    urgency: LogisticRegression
    routed_from: float
    urgent_from: float

    @property
    def topics(self) -> tuple[str, ...]:
        """The slugs it can tell apart, in the order of the columns that `read` gives."""
        return tuple(str(topic) for topic in self.topic.classes_)

    def read(self, texts: list[str]) -> tuple[Probabilities, list[bool]]:
        """A row for each text with a column for each topic, zeros for a text without one known feature; and urgency."""
        seen = self.features.transform(texts)
        topics = self.topic.predict_proba(seen) * (np.diff(seen.indptr) > 0)[:, None]
        likeliest = [self.topics[column] for column in topics.argmax(axis=1)]
        sure = self.urgency.predict_proba(seen)[:, 1] >= self.urgent_from
        return topics, [
            bool(m) or is_urgent(*one) for m, one in zip(sure, zip(texts, likeliest, strict=True), strict=True)
        ]


def train(examples: list[Example], keywords: list[Keyword]) -> Model:
    """Learn from examples and, with lower weight, from keywords. Same input, same model."""
    # Many short vector sums: BLAS's own threads wait for each other and take five times as long where cores are shared.
    with threadpool_limits(limits=1):
        routed_from, urgent_from = _thresholds(examples, keywords)
        return Model(*_fit(examples, keywords), routed_from, urgent_from)


def _fit(
    examples: list[Example], keywords: list[Keyword]
) -> tuple[FeatureUnion, LogisticRegression, LogisticRegression]:
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(analyzer=_words, sublinear_tf=True)),
            (
                "letters",
                TfidfVectorizer(preprocessor=plain, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
            ),
        ]
    )
    labelled: list[Example | Keyword] = [*examples, *keywords]
    seen = features.fit_transform([one.text for one in labelled])
    weights = [1.0] * len(examples) + [KEYWORD_WEIGHT] * len(keywords)
    topic = LogisticRegression(C=10, max_iter=300, tol=1e-3)
    topic.fit(seen, [one.topic for one in labelled], sample_weight=weights)
    urgency = LogisticRegression(C=10, max_iter=300, tol=1e-3, class_weight="balanced")
    urgency.fit(seen[: len(examples)], [one.urgent for one in examples])
    return features, topic, urgency


def _words(text: str) -> list[str]:
    """Stems and pairs of neighbouring stems."""
    single = stems(text)
    return single + [f"{left} {right}" for left, right in pairwise(single)]


def _thresholds(examples: list[Example], keywords: list[Keyword]) -> tuple[float, float]:
    """From where on a topic and urgency are believed, judged on texts that the model had not seen."""
    topics, urgent = np.array([one.topic for one in examples]), np.array([one.urgent for one in examples])
    confidence, right = np.zeros(len(examples)), np.zeros(len(examples), dtype=bool)
    worry, ruled = np.zeros(len(examples)), np.zeros(len(examples), dtype=bool)
    for known, unknown in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(topics, topics):
        features, topic, urgency = _fit([examples[i] for i in known], keywords)
        seen = features.transform([examples[i].text for i in unknown])
        probabilities = topic.predict_proba(seen)
        likeliest = topic.classes_[probabilities.argmax(axis=1)]
        confidence[unknown], right[unknown] = probabilities.max(axis=1), likeliest == topics[unknown]
        worry[unknown] = urgency.predict_proba(seen)[:, 1]
        ruled[unknown] = [is_urgent(examples[i].text, str(t)) for i, t in zip(unknown, likeliest, strict=True)]
    return _routed_from(confidence, right), _urgent_from(worry, ruled, urgent)


def _routed_from(confidence: Probabilities, right: NDArray[np.bool_]) -> float:
    """The lowest confidence above which often enough the topic was right."""
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(accuracy >= ROUTED_ACCURACY)
    return float(confidence[order[good[-1]]]) if len(good) else 1.0


def _urgent_from(worry: Probabilities, ruled: NDArray[np.bool_], urgent: NDArray[np.bool_]) -> float:
    """Where model and rules together do best; where several do, the highest, for what is urgent jumps the queue."""
    steps = [step / 20 for step in range(6, 20)]
    return max(steps, key=lambda step: (round(float(f1_score(urgent, (worry >= step) | ruled)), 2), step))
