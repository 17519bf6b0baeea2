"""From scores to probabilities."""

import numpy as np
import pytest

from hotline.classification.calibration import fit, left_out

TOPICS = ("doctor", "mitid", "passport")


@pytest.fixture(scope="module")
def scored():
    """Scores as texts have them, the topics they are about and who wrote them."""
    chance = np.random.default_rng(7)
    columns = chance.integers(0, 3, 300)
    scores = chance.normal(0.1, 0.15, (300, 3))
    scores[np.arange(300), columns] += 0.5
    return scores, [TOPICS[column] for column in columns], [str(number % 3) for number in range(300)]


def test_the_likeliest_topic_is_the_one_a_text_resembles_and_the_more_the_surer(scored):
    scores, right, _ = scored
    made = fit(scores, right, TOPICS)
    little, much = made.of(np.array([[0.1, 0.4, 0.1], [0.1, 0.9, 0.1]]))
    assert little.argmax() == much.argmax() == 1 and little[1] < much[1]
    assert made.of(scores).sum(axis=1) == pytest.approx(1)


def test_a_topic_that_was_never_right_stays_improbable(scored):
    scores, right, _ = scored
    some = [number for number, topic in enumerate(right) if topic != "passport"]
    made = fit(scores[some], [right[number] for number in some], TOPICS)
    assert made.of(np.array([[0.2, 0.2, 0.2]]))[0, 2] < 0.01


def test_what_only_one_writer_means_by_a_score_does_not_count_for_that_writer(scored):
    scores, right, writers = scored
    odd = np.array([writer == "0" for writer in writers])
    moved = [TOPICS[(TOPICS.index(topic) + 1) % 3] if own else topic for topic, own in zip(right, odd, strict=True)]
    probable = left_out(scores, moved, TOPICS, writers)
    said = np.array(TOPICS)[probable.argmax(axis=1)]
    assert (said[odd] == np.array(right)[odd]).mean() > 0.9
