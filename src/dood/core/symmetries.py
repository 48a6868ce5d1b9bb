"""The eight symmetries of the square: where the pixels of a picture and the numbers of its strokes go.

Number k is a mirroring left to right for k >= 4, then k % 4 quarter turns, as `numpy.rot90` makes them. All are signed
permutations, of pixels and of numbers alike, so that no density changes.
"""

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["SYMMETRIES", "SignedPermutation", "stroke_numbers", "turned_pixels"]

SYMMETRIES = 8
MIRROR = np.array([[-1, 0], [0, 1]])
QUARTER = np.array([[0, 1], [-1, 0]])


class SignedPermutation(NamedTuple):
    """For each symmetry, numbers [8, d]: entry i of the result is `sign[i] * numbers[source[i]]`."""

    source: NDArray[np.int64]
    sign: NDArray[np.float32]


@functools.cache
def turned_pixels(side: int) -> NDArray[np.int64]:
    """Return [8, side * side]: pixel i of a turned square picture is pixel `turned_pixels(side)[k, i]` of the picture.

    The pixels of a picture are numbered row by row.
    """
    numbered = np.arange(side * side).reshape(side, side)
    return np.stack([np.rot90(numbered[:, ::-1] if k >= 4 else numbered, k % 4).ravel() for k in range(SYMMETRIES)])


@functools.cache
def stroke_numbers(controls: int, width: int) -> SignedPermutation:
    """Return how a stroke of a turned picture becomes the same stroke of the picture.

    Its numbers are a layout (scale, shift x, shift y, angle), then `controls` numbers of control points (x, y) in the
    layout's frame, then what no turn changes, `width` in all.
    """
    source, sign = np.tile(np.arange(width), (SYMMETRIES, 1)), np.ones((SYMMETRIES, width), np.float32)
    for k in range(SYMMETRIES):
        back = _matrix(k).T
        for x in (1, *range(4, 4 + controls, 2)):
            source[k, x : x + 2] = x + np.abs(back).argmax(1)
            sign[k, x : x + 2] = back.sum(1)
        if k >= 4:
            # A mirroring M swaps the sense of rotations: M R(a) = R(-a) M. Turns change the points instead.
            sign[k, 3] = -1
    return SignedPermutation(source, sign)


def _matrix(k: int) -> NDArray[np.int64]:
    """The map of points (x, y) of the canvas, y down."""
    return np.linalg.matrix_power(QUARTER, k % 4) @ (MIRROR if k >= 4 else np.eye(2, dtype=np.int64))
