"""Least squares whose unknowns touch only their near neighbours, as along a line."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

__all__ = ["BandedSquares"]


class BandedSquares:
    """Sum over terms of weight (residual + coefficients . step)^2, to be minimised over the step [n].

    Arguments:
        count: number n of unknowns.
        band: greatest distance between two unknowns of one term, and one more.
    """

    def __init__(self, count: int, band: int) -> None:
        self.count = count
        self._matrix = np.zeros((band, count))  # row d holds the products of unknowns i and i + d
        self._slope = np.zeros(count)

    def add(
        self,
        first: NDArray[np.intp],
        offsets: Sequence[int],
        coefficients: NDArray[np.float64] | Sequence[float],
        residual: NDArray[np.float64],
        weight: NDArray[np.float64] | float = 1.0,
    ) -> None:
        """Add m terms.

        Arguments:
            first: int [m], the first unknown of each.
            offsets: of its k unknowns from the first, ascending.
            coefficients: [m, k], or [k] for all.
            residual: [m].
            weight: [m], or one for all.
        """
        columns = np.ascontiguousarray(np.broadcast_to(coefficients, (len(residual), len(offsets))).T)
        for i, offset in enumerate(offsets):
            at, weighted = first + offset, weight * columns[i]
            self._slope += self._spread(at, weighted * residual)
            for j in range(i, len(offsets)):
                self._matrix[offsets[j] - offset] += self._spread(at, weighted * columns[j])

    def step(self) -> NDArray[np.float64]:
        """The step [n] of least squares; the terms must determine it."""
        return solveh_banded(self._matrix, -self._slope, lower=True)

    def _spread(self, index: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(index, values, self.count).astype(np.float64)  # of integers, if there are none
