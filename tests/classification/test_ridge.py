"""What a text would score without its writer comes out of one solution, whatever stands between the writers."""

import numpy as np

from hotline.classification.ridge import SMOOTH, kernel, solve


def test_a_writer_left_out_scores_as_if_the_writer_had_written_nothing():
    random = np.random.default_rng(7)
    rows = random.normal(size=(60, 12)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    alike, answers = rows @ rows.T, random.random((60, 3)).astype(np.float32)
    writers = [(None, "b", "a", "")[number % 4] for number in range(60)]
    weights = [0.5 if writer is None else 1.0 for writer in writers]
    coefficients, scores = solve(alike, answers, weights, writers)
    whole = kernel(alike).astype(float)
    ridge = whole + np.diag(SMOOTH / np.array(weights))
    assert np.allclose(coefficients, np.linalg.solve(ridge, answers), atol=1e-3)
    for writer in ("a", "b", ""):
        own = np.array([one == writer for one in writers])
        alone = np.linalg.solve(ridge[np.ix_(~own, ~own)], answers[~own])
        assert np.allclose(scores[own], whole[np.ix_(own, ~own)] @ alone, atol=1e-3), writer
    never = np.array([one is None for one in writers])
    assert np.array_equal(scores[never], answers[never])
