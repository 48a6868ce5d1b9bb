"""How far two characters are apart as shapes, and what is typical of the characters of a script. Nothing is learned."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

__all__ = ["apart", "outline", "traits"]

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
    dense = [_dense((line - (low + high) / 2) / side) for line in lines]
    points = np.concatenate(dense)
    weights = np.concatenate([[0.0], np.cumsum([row[4] for row in points])])
    picks = np.searchsorted(weights, np.linspace(0, weights[-1], POINTS, endpoint=False) + weights[-1] / POINTS / 2) - 1
    return points[picks.clip(0, len(points) - 1), :4]


def _dense(line: Array) -> Array:
    """Place, direction and length of the steps along a line, [n, 5]."""
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


def traits(lines: Sequence[Array], joints: int, pen: float) -> Array:
    """What a character is like as a whole, [10].

    How much ink there is, how wide it is for its height, its size, of how many parts, how often they meet, how much it
    bends, and how much of it runs across, down and along either diagonal.

    Arguments:
        lines: points [n, 2] at even distances along its parts, in shares of the page, as the width of its pen is.
        joints: how often they meet.
    """
    points = np.concatenate(lines)
    size = np.maximum(np.ptp(points, axis=0), pen)
    dense = np.concatenate([_dense(line) for line in lines])
    length = max(float(dense[:, 4].sum()), pen)
    angle = np.arctan2(dense[:, 3], dense[:, 2])
    shares = [float((dense[:, 4] * np.maximum(np.cos(angle - k * np.pi / 2), 0)).sum()) / length for k in range(4)]
    bend = sum(float(np.abs(_turns(line)).sum()) for line in lines) / length
    bulk = [np.log(length), np.log(size[0] / size[1]), np.log(size.max())]
    return np.array([*bulk, len(lines) ** 0.5, joints**0.5, np.log(bend + 1.0), *shares])


def _turns(line: Array) -> Array:
    steps = np.diff(line, axis=0)
    angle = np.arctan2(steps[:, 1], steps[:, 0])
    return (np.diff(angle) + np.pi) % (2 * np.pi) - np.pi
