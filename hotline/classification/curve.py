"""What more texts and more writers give: the linear model learned from parts of the training texts, read on others."""

from collections.abc import Iterator

from hotline.classification.evaluate import Figures, evaluate, figures
from hotline.classification.examples import Example, Keyword
from hotline.classification.model import train
from hotline.classification.reading import Reader

SHARES = (8, 4, 2)  # one text in so many
Part = tuple[str, list[Example]]


def curve(known: list[Example], keywords: list[Keyword], unseen: list[Example]) -> Iterator[tuple[str, int, Figures]]:
    """What was learned from, how many texts that were, and the figures on the unseen ones, part by part."""
    for name, part in [*_by_texts(known), *_by_writers(known)]:
        model, _ = train(part, keywords)
        yield name, len(part), figures(evaluate(Reader(model), unseen)[0])


def _by_texts(known: list[Example]) -> list[Part]:
    return [(f"all writers, one text in {share}", known[::share]) for share in SHARES]


def _by_writers(known: list[Example]) -> list[Part]:
    """The writer with the most texts, then the next besides, until all are there; those with few come together."""
    writers = sorted({one.writer for one in known}, key=lambda writer: -sum(one.writer == writer for one in known))
    counts = range(2, len(writers) + 1, 2) if len(writers) > 2 else [len(writers)]
    first = [(", ".join(writers[:count]), set(writers[:count])) for count in counts]
    return [(name, [one for one in known if one.writer in those]) for name, those in first]
