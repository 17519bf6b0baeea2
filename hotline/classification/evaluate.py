"""How well texts are read, in figures that are the same for every labelled file."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sklearn.metrics import f1_score

from hotline.classification.examples import Example
from hotline.classification.reading import Reading, Reads

ENOUGH = 5  # texts of a style, a writer or a language, below which a figure says nothing
Pairs = list[tuple[Example, Reading]]


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1; routed_accuracy is None where nothing was routed, urgent_f1 where nothing is urgent."""

    texts: int
    topic_macro_f1: float
    topic_right: float
    in_first_three: float
    language_accuracy: float
    urgent_f1: float | None
    routed_coverage: float
    routed_accuracy: float | None


def evaluate(reader: Reads, texts: list[Example]) -> tuple[Pairs, float]:
    """Each text with how it was read, and the milliseconds that one took. Raises ValueError when there are none."""
    if not texts:
        raise ValueError("no texts to evaluate on")
    begun = time.perf_counter()
    readings = reader.read([one.text for one in texts])
    return list(zip(texts, readings, strict=True)), 1000 * (time.perf_counter() - begun) / len(texts)


def figures(pairs: Pairs) -> Figures:
    """What these readings are worth."""
    right = [one.topic for one, _ in pairs]
    routed = [reading.topic == one.topic for one, reading in pairs if reading.routed]
    urgent = [one.urgent for one, _ in pairs]
    return Figures(
        texts=len(pairs),
        topic_macro_f1=float(f1_score(right, [r.topic for _, r in pairs], average="macro", zero_division=0.0)),
        topic_right=_share(one.topic == reading.topic for one, reading in pairs),
        in_first_three=_share(one.topic in _first_three(reading) for one, reading in pairs),
        language_accuracy=_share(reading.language == one.language for one, reading in pairs),
        urgent_f1=float(f1_score(urgent, [r.urgent for _, r in pairs], zero_division=0.0)) if any(urgent) else None,
        routed_coverage=len(routed) / len(pairs),
        routed_accuracy=_share(routed) if routed else None,
    )


def by_topic(pairs: Pairs) -> list[tuple[str, int, float, float, float]]:
    """Topic, texts, precision, recall and F1, alphabetically."""
    rows = []
    for topic in sorted({one.topic for one, _ in pairs}):
        there = sum(one.topic == topic for one, _ in pairs)
        said = sum(reading.topic == topic for _, reading in pairs)
        both = sum(one.topic == topic == reading.topic for one, reading in pairs)
        rows.append((topic, there, both / said if said else 0.0, both / there, 2 * both / (said + there)))
    return rows


def by(pairs: Pairs, what: Callable[[Example], str]) -> list[tuple[str, Figures]]:
    """The figures of each style, writer, language … of which there are enough texts."""
    groups: dict[str, Pairs] = {}
    for pair in pairs:
        groups.setdefault(what(pair[0]) or "-", []).append(pair)
    return [(name, figures(some)) for name, some in sorted(groups.items()) if len(some) >= ENOUGH]


def confusion(pairs: Pairs) -> list[tuple[str, str, int]]:
    """What was taken for what and how often, the most frequent first."""
    wrong = Counter((one.topic, reading.topic) for one, reading in pairs if one.topic != reading.topic)
    return [(right, said, count) for (right, said), count in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))]


def _share(found: Iterable[bool]) -> float:
    all_of_them = list(found)
    return sum(all_of_them) / len(all_of_them)


def _first_three(reading: Reading) -> list[str]:
    return [reading.topic, *(topic for topic, _ in reading.alternatives[:2])]
