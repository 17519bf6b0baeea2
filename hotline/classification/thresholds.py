"""From where on a reading is believed, judged on readings of texts by writers that the model did not know."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

# Of the texts that go to a queue without a question, so many must be in the right one: 0.97 is promised of writers that
# nobody knows, who are always read a little worse than those that the threshold was found with.
ROUTED_ACCURACY = 0.975
OF_EACH_WRITER = 0.96
ENOUGH = 100  # texts of a writer, below which a share of them says little


def routed_from(confidence: NDArray[np.float64], right: NDArray[np.bool_], writers: list[str]) -> float:
    """From where on often enough the topic was right: in all texts, and in those of each writer who wrote enough."""
    names = np.array(writers)
    each = [names == one for one in sorted(set(writers))]
    of_each = [_from(confidence[of], right[of], OF_EACH_WRITER) for of in each if of.sum() >= ENOUGH]
    return max(_from(confidence, right, ROUTED_ACCURACY), *of_each, 0.0)


def _from(confidence: NDArray[np.float64], right: NDArray[np.bool_], wanted: float) -> float:
    """The lowest confidence above which often enough the topic was right."""
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(accuracy >= wanted)
    return float(confidence[order[good[-1]]]) if len(good) else 1.0


def urgent_from(worry: NDArray[np.float64], urgent: NDArray[np.bool_]) -> float:
    """Where urgency is found best; where several do, the highest, for what is urgent jumps the queue."""
    steps = [step / 50 for step in range(5, 46)]
    return max(steps, key=lambda step: (round(float(f1_score(urgent, worry >= step, zero_division=0.0)), 2), step))
