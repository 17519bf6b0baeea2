"""Prints how well the reader reads texts that it has not learned from: python -m hotline.classification.evaluate."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import f1_score

from hotline.classification.examples import HELD_OUT, Example, examples
from hotline.classification.reading import Reader
from hotline.settings import settings


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1; routed_accuracy is None where nothing was routed."""

    texts: int
    topic_macro_f1: float
    language_accuracy: float
    urgent_f1: float
    routed_coverage: float
    routed_accuracy: float | None
    ms_a_text: float


def evaluate(reader: Reader, held_out: list[Example]) -> Figures:
    """Let the reader read the texts and compare with their labels. Raises ValueError when there are none."""
    if not held_out:
        raise ValueError("no texts to evaluate on")
    begun = time.perf_counter()
    readings = reader.read([one.text for one in held_out])
    seconds = time.perf_counter() - begun
    pairs = list(zip(readings, held_out, strict=True))
    routed = [reading.topic == one.topic for reading, one in pairs if reading.routed]
    return Figures(
        texts=len(pairs),
        topic_macro_f1=float(f1_score([o.topic for o in held_out], [r.topic for r in readings], average="macro")),
        language_accuracy=sum(reading.language == one.language for reading, one in pairs) / len(pairs),
        urgent_f1=float(f1_score([o.urgent for o in held_out], [r.urgent for r in readings], zero_division=0.0)),
        routed_coverage=len(routed) / len(pairs),
        routed_accuracy=sum(routed) / len(routed) if routed else None,
        ms_a_text=1000 * seconds / len(pairs),
    )


def main(files: list[Path]) -> None:
    """Print the figures of the held-out texts, or of the files named."""
    reader = Reader.load(settings().data_dir / "models")
    figures = evaluate(reader, examples(files or [HELD_OUT]))
    print(f"texts {figures.texts}, {figures.ms_a_text:.2f} ms a text")
    print(f"topic macro-F1 {figures.topic_macro_f1:.3f}")
    print(f"language accuracy {figures.language_accuracy:.3f}")
    print(f"urgent F1 {figures.urgent_f1:.3f}")
    accuracy = "none" if figures.routed_accuracy is None else f"{figures.routed_accuracy:.3f}"
    print(f"routed from {reader.model.routed_from:.3f}: coverage {figures.routed_coverage:.3f}, accuracy {accuracy}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
