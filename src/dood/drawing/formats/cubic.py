"""Bezier curves of any degree as cubic ones, within a guaranteed distance."""

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
        return np.stack([elevate(points, 4) for points in controls]) if controls.shape[1] < 4 else controls
    return np.concatenate([_halved(points, tolerance) for points in controls])


def _halved(points: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    """One piece of a degree above three as cubics."""
    pieces, todo = [], [(points, 1)]
    while todo:
        piece, parts = todo.pop()
        cubic = _hermite(piece)
        if parts >= MOST or _distance_bound(piece, cubic) <= tolerance:
            pieces.append(cubic)
        else:
            todo.extend((half, 2 * parts) for half in reversed(_halves(piece)))
    return np.stack(pieces)


def elevate(points: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """`count` control points of the same curve; at least as many as there are."""
    while (p := len(points)) < count:
        share = np.arange(1, p)[:, None] / p
        inner = share * points[:-1] + (1 - share) * points[1:]
        points = np.concatenate([points[:1], inner, points[-1:]])
    return points


def _hermite(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cubic [4, 2] with the same ends and first derivatives there."""
    reach = (len(points) - 1) / 3
    start, end = points[0], points[-1]
    return np.stack([start, start + reach * (points[1] - start), end + reach * (points[-2] - end), end])


def _distance_bound(points: NDArray[np.float64], cubic: NDArray[np.float64]) -> float:
    """Upper bound of the distance of the curve to its Hermite cubic, over all parameters.

    At the curve's degree n, the difference is `sum_i B_i(u) d_i` with the differences d_i of control points. The first
    and last two vanish, and the others' weights B_i add up to at most 1 - 2 (n + 1) / 2^n, reached at u = 1/2.
    """
    degree = len(points) - 1
    difference = points - elevate(cubic, degree + 1)
    return float(np.hypot(*difference.T).max()) * (1 - 2 * (degree + 1) / 2**degree)


def _halves(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Control points of both halves, by de Casteljau's construction."""
    left, right = [points[0]], [points[-1]]
    while len(points) > 1:
        points = (points[:-1] + points[1:]) / 2
        left.append(points[0])
        right.append(points[-1])
    return [np.stack(left), np.stack(right[::-1])]
