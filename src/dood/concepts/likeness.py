"""How far two characters are apart as shapes. Nothing is learned."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

__all__ = ["apart", "dashes", "outline"]

Array = NDArray[np.float64]
POINTS = 72
"""Points along all lines of a character."""
BEND = 0.12
"""What lines at right angles count, in sides of the character."""


def outline(lines: Sequence[Array]) -> Array:
    """Points along the lines [n, 2] of a character and their directions, [72, 4].

    The middle of its box is the origin and its longer side is 1; directions are unit vectors of twice the angle, so
    that a line has the same direction from both of its ends; a dot has none.
    """
    everything = np.concatenate(lines)
    low, high = everything.min(0), everything.max(0)
    side = max(float((high - low).max()), 1e-9)
    dense = [dashes((line - (low + high) / 2) / side) for line in lines]
    points = np.concatenate(dense)
    weights = np.concatenate([[0.0], np.cumsum([row[4] for row in points])])
    picks = np.searchsorted(weights, np.linspace(0, weights[-1], POINTS, endpoint=False) + weights[-1] / POINTS / 2) - 1
    return points[picks.clip(0, len(points) - 1), :4]


def dashes(line: Array) -> Array:
    """Place, direction (as of an outline) and length of the steps along a line [n, 2], [n - 1, 5]; a dot is one."""
    if len(line) == 1:
        return np.array([[*line[0], 0.0, 0.0, 0.03]])
    steps = np.diff(line, axis=0)
    length = np.hypot(*steps.T)
    angle = 2 * np.arctan2(steps[:, 1], steps[:, 0])
    return np.column_stack([(line[1:] + line[:-1]) / 2, np.cos(angle), np.sin(angle), length])


def apart(one: Array, other: Array) -> float:
    """The distance of two outlines: the mean way from a point of either to the nearest of the other, in sides.

    Direction counts as place does. It is the larger of the two means, the modified Hausdorff distance (Dubuisson and
    Jain, 1994).
    """
    lines = np.outer(np.hypot(*one[:, 2:].T), np.hypot(*other[:, 2:].T))
    far = cdist(one[:, :2], other[:, :2]) + BEND * (lines - one[:, 2:] @ other[:, 2:].T) / 2
    return float(max(far.min(1).mean(), far.min(0).mean()))
