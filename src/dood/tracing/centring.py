"""Lines moved onto the middle of their ink, to a fraction of a pixel: thinning knows whole pixels only."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, median_filter

from dood.tracing.smoothing import Lines, smoothed

__all__ = ["centred"]

FARTHEST = 0.9
"""A point moves at most so many work pixels; beyond that the ink beside it is another line's."""

MARGIN = 1.1
"""Work pixels beyond a line's edge where its ink is looked for: with less, lines come out thin; with more, neighbours
add. Chosen on training drawings of five pen sets."""

SPACING = 0.5
"""Work pixels between the places across a line at which its ink is looked at; more where it is very broad."""

EVEN = 0.6
"""Deviation of the smoothing of the shifts along a line, in pen widths."""

BUMP = 3.0
"""Pen widths along a line over which its width is the middle one: where lines meet, there is more ink across."""

STEADY = 1.3
"""The pen of a line is steady where three fifths of its widths differ by no more than this factor."""

SPAN = 17
"""Most places to either side."""


def centred(lines: Lines, ink: NDArray[np.float32], pen: float) -> Lines:
    """Lines on the centroid of the ink across them, and with the width that this ink has.

    Arguments:
        ink: float32 [h, w] in [0, 1], the work image.
        pen: width of the pen in work pixels.
    """
    normal = _normals(lines)
    half = 0.5 * lines.widths + MARGIN
    reach = int(min(SPAN, np.ceil(half.max(initial=0) / SPACING)))
    spacing = np.maximum(SPACING, half / SPAN)
    total, moment = np.zeros(len(half)), np.zeros(len(half))
    for place in range(-reach, reach + 1):  # all at once they would be forty times the points
        offset = place * spacing
        x, y = (lines.points + offset[:, None] * normal).T - 0.5
        seen = map_coordinates(ink, [y, x], order=1, mode="constant") * np.clip(half - abs(offset) + 0.5, 0, 1)
        total += seen
        moment += seen * offset
    shift = np.clip(moment / np.maximum(total, 1e-6), -FARTHEST, FARTHEST)
    moved = Lines(np.column_stack([shift, shift]), total * spacing, lines.starts, lines.closed)
    even = smoothed(moved, np.zeros(len(shift), bool), max(1.0, EVEN * pen))
    points = lines.points + even.points[:, :1] * normal
    points[lines.starts[1:] - 1] = np.where(
        lines.closed[:, None], points[lines.starts[:-1]], points[lines.starts[1:] - 1]
    )
    return lines._replace(points=points, widths=_widths(lines, even.widths, pen))


def _widths(lines: Lines, seen: NDArray[np.float64], pen: float) -> NDArray[np.float64]:
    """Widths by the ink across, without the bumps of joints; one for the whole of a line whose pen is steady."""
    result = median_filter(seen, max(3, round(BUMP * pen) | 1), mode="nearest")
    for first, last in zip(lines.starts[:-1].tolist(), lines.starts[1:].tolist(), strict=True):
        low, middle, high = np.quantile(result[first:last], [0.2, 0.5, 0.8])
        if high < STEADY * low:
            result[first:last] = middle
    return np.maximum(result, 0.3)


def _normals(lines: Lines) -> NDArray[np.float64]:
    """Unit vectors [n, 2] across the lines."""
    points, n = lines.points, len(lines.points)
    first, last = (
        np.repeat(lines.starts[:-1], np.diff(lines.starts)),
        np.repeat(lines.starts[1:] - 1, np.diff(lines.starts)),
    )
    here = np.arange(n)
    way = points[np.minimum(here + 2, last)] - points[np.maximum(here - 2, first)]
    way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    return np.column_stack([-way[:, 1], way[:, 0]])
