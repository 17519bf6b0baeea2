"""Whether lessons are worth taking: what a reader with them makes of texts that neither it nor they have seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from hotline.classification.model import Model
from hotline.classification.models import TaughtState

# So much may a figure fall by chance: with four hundred texts a topic, one text more or less is .0025.
OF_ALL, OF_A_TOPIC, OF_ROUTED = 0.001, 0.01, 0.002


@dataclass(frozen=True)
class Figures:
    """On the training texts, each as the model reads it that knows nothing by its writer; shares from 0 to 1."""

    macro_f1: float
    by_topic: dict[str, float]
    routed: float
    routed_accuracy: float


def figures(model: Model, added: NDArray[np.float64] | float = 0.0) -> Figures:
    """What the model makes of its training texts, each writer's left out, with `added` to their scores."""
    probable = model.topic.of(model.left_out[:, :-1] + added)
    said = [model.topics[column] for column in probable.argmax(axis=1)]
    right = np.array(said) == np.array(model.right)
    routed = probable.max(axis=1) >= model.routed_from
    scores = f1_score(model.right, said, average=None, labels=model.topics, zero_division=0.0)
    return Figures(
        macro_f1=round(float(scores.mean()), 4),
        by_topic=dict(zip(model.topics, np.round(scores, 4).tolist(), strict=True)),
        routed=round(float(routed.mean()), 4),
        routed_accuracy=round(float(right[routed].mean()), 4) if routed.any() else 1.0,
    )


def judged(before: Figures, after: Figures, helped: int) -> tuple[TaughtState, dict[str, Any]]:
    """What becomes of lessons, with the figures without and with them.

    `helped` is how many lessons more are read rightly by what other agents said than without any; where that is none,
    they would be learned by heart.
    """
    worse = [topic for topic, f1 in after.by_topic.items() if f1 < before.by_topic[topic] - OF_A_TOPIC]
    told = {
        "macro_f1": [before.macro_f1, after.macro_f1],
        "routed": [before.routed, after.routed],
        "routed_accuracy": [before.routed_accuracy, after.routed_accuracy],
        "worse": worse,
        "helped": helped,
    }
    if worse or after.macro_f1 < before.macro_f1 - OF_ALL or after.routed_accuracy < before.routed_accuracy - OF_ROUTED:
        return TaughtState.WORSE, told
    return (TaughtState.LIVE if helped > 0 else TaughtState.IDLE), told
