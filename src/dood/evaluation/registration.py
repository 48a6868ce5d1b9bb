"""From one drawing's ink to another's of the same character: coherent point drift (Myronenko and Song, 2010).

A smooth map is fitted to where the ink is, and to nothing else: neither drawing's strokes are looked at.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

__all__ = ["carried"]

Points = NDArray[np.float64]

REACH, STIFF = 1.0, 3.0
"""Length over which the map changes, in standard deviations of the ink, and the weight of its smoothness (beta and
lambda of the paper)."""
OUTLIERS = 0.1
"""Share of the ink that the other drawing has not."""
ROUNDS, LEAST_VARIANCE = 30, 1e-4


def carried(points: Points, onto: Points) -> Points:
    """Return where each point of one drawing's ink [n, 2] lies among another's [m, 2], in that one's frame.

    Both are first brought to mean 0 and deviation 1 along each axis.
    """
    (start, _, _), (target, middle, size) = _standard(points), _standard(onto)
    return _drifted(start, target) * size + middle


def _standard(points: Points) -> tuple[Points, Points, Points]:
    """The points around their mean over their deviation along each axis; a line has hardly any across."""
    middle, size = points.mean(0), points.std(0)
    size = np.maximum(size, max(0.2 * float(size.max()), 1e-9))
    return (points - middle) / size, middle, size


def _drifted(start: Points, target: Points) -> Points:
    """Expectation and maximisation: whose each target point is, then the smooth displacement that brings them there."""
    near = np.exp(-0.5 * (cdist(start, start) / REACH) ** 2)
    weights, moved = np.zeros_like(start), start
    variance = float(cdist(start, target, "sqeuclidean").mean()) / 2
    for _ in range(ROUNDS):
        odds = np.exp(-0.5 * cdist(moved, target, "sqeuclidean") / variance)
        noise = 2 * np.pi * variance * OUTLIERS / (1 - OUTLIERS) * len(start) / len(target)
        whose = odds / (odds.sum(0) + noise)
        share = np.maximum(whose.sum(1, keepdims=True), 1e-9)
        system = share * near + STIFF * variance * np.eye(len(start))
        weights = np.linalg.solve(system, whose @ target - share * start)
        moved = start + near @ weights
        squared = (whose * cdist(moved, target, "sqeuclidean")).sum()
        variance = max(float(squared) / (2 * float(share.sum())), LEAST_VARIANCE)
    return moved
