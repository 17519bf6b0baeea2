"""Kernel ridge regression: what a text is, judged by how alike it is to texts whose labels are known.

Its two merits here: with a hundred near neighbours that disagree it weighs pairs of features, as a plain linear model
cannot; and how it would have read each text without that text's writer comes out of the same solution, exactly.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

Matrix = NDArray[np.float32]

SMOOTH = 0.15  # of a whole example; a lighter one (a keyword) is believed less, in proportion


def kernel(alike: Matrix) -> Matrix:
    """From how alike texts are to how much they tell of each other: pairs of shared features count as well."""
    return np.square((np.float32(1) + alike) / np.float32(2))


def solve(
    alike: Matrix, answers: Matrix, weights: Sequence[float], writers: Sequence[str | None]
) -> tuple[Matrix, Matrix]:
    """Coefficients a row a text, and what each text would score had its writer written nothing (None: never left out).

    Takes memory of the square and time of the cube of the number of texts: 8,000 take a gigabyte. What is never left
    out is eliminated first: of it no inverse is needed, which halves the time.
    """
    first = [writer is None for writer in writers]
    order = np.array(sorted(range(len(writers)), key=lambda row: (not first[row], writers[row] or "")))
    names = np.array([writers[row] or "" for row in order])
    whole = kernel(alike[np.ix_(order, order)])
    whole[np.diag_indices_from(whole)] += np.float32(SMOOTH) / np.asarray(weights, np.float32)[order]
    factor, failed = lapack.spotrf(whole.T, lower=1, overwrite_a=1, clean=1)
    found, failed_too = lapack.spotrs(factor, answers[order], lower=1)
    left = sum(first)
    inverse, failed_thrice = lapack.strtri(factor[left:, left:], lower=1)
    if failed or failed_too or failed_thrice:  # never with SMOOTH above 0 and finite features
        raise ArithmeticError("the texts' kernel has no inverse")
    held = answers[order].copy()
    for writer in sorted(set(names[left:])):
        rows = left + np.flatnonzero(names[left:] == writer)
        below = inverse[rows[0] - left :, rows - left]
        held[rows] -= np.linalg.solve(below.T @ below, found[rows])
    coefficients, scores = np.empty_like(found), np.empty_like(held)
    coefficients[order], scores[order] = found, held
    return coefficients, scores
