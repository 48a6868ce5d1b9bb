"""Thinning of ink to lines one pixel wide.

Zhang and Suen (1984), A fast parallel algorithm for thinning digital patterns: pixels of the edge go, in turn from the
south-east and from the north-west, as long as nothing is cut and no line gets shorter. Their rules wear small squares
away and leave the corners of stairs, so a few neighbourhoods are judged otherwise (`OTHERWISE`), just as by
scikit-image and ImageJ; a test compares with scikit-image, which would bring 39 MB for this one function.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["thinned"]

AROUND = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
"""The neighbours of a pixel, clockwise from the north-west. Bit i of a neighbourhood says whether the i-th is ink."""

NEVER, FIRST, SECOND, BOTH = range(4)
"""The passes in which a pixel goes, as bits."""

OTHERWISE = {
    NEVER: (48, 129),
    FIRST: (3, 6, 11, 12, 14, 131, 134, 161, 194, 198),
    SECOND: (24, 26, 56, 96, 104, 108, 176, 192, 224),
    BOTH: (10, 40, 130, 160),
}
"""Neighbourhoods for which the published rules say something else: ends two pixels wide and corners of squares, which
would go from both sides at once (3, 6, 12, 14, 24, 48, 56, 96, 129, 131, 192, 224), and corners of stairs, where two
neighbours already meet at theirs (the others)."""


def thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the middle lines of ink [h, w], one pixel wide and connected (8 neighbours) as the ink is."""
    left = np.pad(np.asarray(ink, bool), 1)
    around, flat, passes = _neighbourhoods(left).ravel(), left.ravel(), _passes()
    steps = [row * left.shape[1] + column for row, column in AROUND]
    seen = np.flatnonzero(flat & (passes[around] > 0))
    waiting = {FIRST: [seen], SECOND: [seen]}  # pixels whose neighbourhood has changed since the pass last saw them
    while any(map(len, waiting.values())):
        for bit in (FIRST, SECOND):
            seen = np.concatenate([*waiting[bit], seen[:0]])
            gone = np.unique(seen[flat[seen] & (passes[around[seen]] & bit > 0)])
            flat[gone], waiting[bit] = False, []
            for i, step in enumerate(steps if len(gone) else ()):
                around[gone - step] &= ~np.uint8(1 << i)
                for each in waiting.values():
                    each.append(gone - step)
    return left[1:-1, 1:-1]


def _neighbourhoods(ink: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The neighbourhood of each pixel [h, w] that is not at the rim."""
    around = np.zeros(ink.shape, np.uint8)
    height, width = np.array(ink.shape) - 2
    for i, (row, column) in enumerate(AROUND):
        shifted = ink[1 + row : 1 + row + height, 1 + column : 1 + column + width]
        around[1:-1, 1:-1] |= shifted.view(np.uint8) << i
    return around


@cache
def _passes() -> NDArray[np.uint8]:
    """The passes in which a pixel goes, for each neighbourhood [256]."""
    ring = (np.arange(256)[:, None] >> np.arange(8)) & 1
    _, north, _, east, _, south, _, west = ring.T
    one_line = (ring < np.roll(ring, -1, 1)).sum(1) == 1
    on_edge = one_line & (ring.sum(1) >= 2) & (ring.sum(1) <= 6)
    first = on_edge & (north * east * south == 0) & (east * south * west == 0)
    second = on_edge & (north * east * west == 0) & (north * south * west == 0)
    passes = (FIRST * first + SECOND * second).astype(np.uint8)
    for value, neighbourhoods in OTHERWISE.items():
        passes[list(neighbourhoods)] = value
    return passes
