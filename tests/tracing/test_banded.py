"""Banded least squares is least squares."""

import numpy as np

from dood.tracing.banded import BandedSquares


def test_the_step_is_that_of_dense_least_squares() -> None:
    rng = np.random.default_rng(0)
    squares, rows, wanted = BandedSquares(12, 5), [], []
    for offsets in ((0,), (0, 4), (0, 1, 3), (0, 2)):
        first = rng.integers(0, 12 - offsets[-1], 30)
        coefficients, residual, weight = rng.normal(size=(30, len(offsets))), rng.normal(size=30), rng.random(30) + 0.1
        squares.add(first, offsets, coefficients, residual, weight)
        dense = np.zeros((30, 12))
        dense[np.arange(30)[:, None], first[:, None] + offsets] = coefficients
        rows.append(weight[:, None] ** 0.5 * dense)
        wanted.append(-(weight**0.5) * residual)
    best = np.linalg.lstsq(np.concatenate(rows), np.concatenate(wanted))[0]
    np.testing.assert_allclose(squares.step(), best, rtol=1e-9)


def test_coefficients_and_weights_may_be_those_of_all_terms() -> None:
    one, other = BandedSquares(4, 2), BandedSquares(4, 2)
    first, residual = np.array([0, 1, 2, 2]), np.array([1.0, -2.0, 0.5, 3.0])
    one.add(first, (0, 1), (1.0, -1.0), residual, 3.0)
    other.add(first, (0, 1), np.tile([1.0, -1.0], (4, 1)), residual, np.full(4, 3.0))
    for squares in (one, other):
        squares.add(np.arange(4), (0,), (1.0,), np.zeros(4))
    np.testing.assert_array_equal(one.step(), other.step())
