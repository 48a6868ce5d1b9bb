"""The outline of ink, to a fraction of a pixel."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

__all__ = ["line_level", "outline_of"]

FAINT = 0.5
"""Ink counts from half of the darkest nearby, which is taken to be at least this dark."""

AROUND = 3.0
"""Pen widths across of what is nearby."""


def line_level(ink: NDArray[np.float32], pen: float) -> NDArray[np.float32]:
    """The ink [h, w] above which a pixel is of a line: half of the darkest nearby, for pale lines are lines too."""
    across = max(3, round(AROUND * pen) | 1)
    return np.asarray(0.5 * np.clip(maximum_filter(ink, across), FAINT, 1), np.float32)


def outline_of(ink: NDArray[np.float32], pen: float) -> NDArray[np.float64]:
    """Points [n, 2] on the edge of lines: where ink passes `line_level` between two neighbouring pixels' centres.

    Arguments:
        ink: float32 [h, w] in [0, 1]; the centre of its first pixel is at (0.5, 0.5).
        pen: width of the pen in pixels.
    """
    above = ink - line_level(ink, pen)
    points = []
    for axis, (one, other) in enumerate(((above[:, :-1], above[:, 1:]), (above[:-1], above[1:]))):
        y, x = np.nonzero((one > 0) != (other > 0))
        here = one[y, x].astype(np.float64)
        place = np.stack([x, y], 1) + 0.5
        place[:, axis] += here / (here - other[y, x])
        points.append(place)
    return np.concatenate(points)
