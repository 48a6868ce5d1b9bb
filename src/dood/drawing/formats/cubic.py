"""Bezier curves of any degree as cubic ones, within a guaranteed distance."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["elevate", "to_cubics"]

MOST = 1024
"""Cubics that one piece becomes at most, however wild it is."""


def to_cubics(controls: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    """Cubic pieces [n, 4, 2] of the Bezier pieces with control points [pieces, p, 2].

    Degrees up to three are exact: a cubic a piece. Higher ones are halved until every part is near enough, or there are
    MOST of them; parts share the curve's ends and tangents there, so that joints stay smooth.

    Arguments:
        tolerance: the distance, in pixels, that no part exceeds from the curve at any parameter.
    """
    if controls.shape[1] <= 4:
        return _elevation(controls.shape[1], 4) @ controls
    return np.concatenate([_halved(points, tolerance) for points in controls])


def _halved(points: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    """One piece of a degree above three as cubics. Of each generation, parts that are not near enough are halved."""
    left, right = _halving(len(points))
    # `places` are the numbers of the parts, from the left, as leaves of a binary tree of MOST of them.
    parts, places, span = points[None], np.zeros(1, int), MOST
    found, at = [], []
    while len(parts):
        cubics = _hermite(parts)
        done = (_distance_bounds(parts, cubics) <= tolerance) | (span == 1)
        found.append(cubics[done])
        at.append(places[done])
        span //= 2
        parts = np.concatenate([left @ parts[~done], right @ parts[~done]])
        places = np.concatenate([places[~done], places[~done] + span])
    return np.concatenate(found)[np.argsort(np.concatenate(at))]


def elevate(points: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """`count` control points of the same curve; at least as many as there are."""
    return _elevation(len(points), max(count, len(points))) @ points


@cache
def _elevation(p: int, count: int) -> NDArray[np.float64]:
    """[count, p], which gives `count` control points of a curve of p."""
    matrix = np.eye(p)
    while (p := len(matrix)) < count:
        share = np.arange(1, p)[:, None] / p
        matrix = np.concatenate([matrix[:1], share * matrix[:-1] + (1 - share) * matrix[1:], matrix[-1:]])
    return matrix


@cache
def _halving(p: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two [p, p], which give the control points of a curve's halves: de Casteljau's construction."""
    points, left, right = np.eye(p), [], []
    while len(points):
        left.append(points[0])
        right.append(points[-1])
        points = (points[:-1] + points[1:]) / 2
    return np.stack(left), np.stack(right[::-1])


def _hermite(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cubics [n, 4, 2] with the same ends and first derivatives there as curves [n, p, 2]."""
    reach = (points.shape[1] - 1) / 3
    start, end = points[:, 0], points[:, -1]
    return np.stack([start, start + reach * (points[:, 1] - start), end + reach * (points[:, -2] - end), end], 1)


def _distance_bounds(points: NDArray[np.float64], cubics: NDArray[np.float64]) -> NDArray[np.float64]:
    """[n], upper bounds of the distances of curves to their Hermite cubics, over all parameters.

    At the curve's degree n, the difference is `sum_i B_i(u) d_i` with the differences d_i of control points. The first
    and last two vanish, and the others' weights B_i add up to at most 1 - 2 (n + 1) / 2^n, reached at u = 1/2.
    """
    degree = points.shape[1] - 1
    difference = points - _elevation(4, degree + 1) @ cubics
    return np.hypot(difference[..., 0], difference[..., 1]).max(1) * (1 - 2 * (degree + 1) / 2**degree)
