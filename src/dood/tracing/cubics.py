"""Chains of cubic Bezier pieces, as strokes are."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Chain", "cubic_basis", "polyline", "sampled"]


class Chain(NamedTuple):
    """Cubic pieces end to end; neighbours share a control point, and their direction unless there is a corner.

    Attributes:
        points: float64 [3 m + 1, 2], control points of m pieces.
        widths: float64 [m + 1], of the pen at the pieces' ends.
        corners: bool [m + 1], where the pen turned.
        closed: whether the last control point is the first.
        fill: whether it is the outline of a filled area.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    corners: NDArray[np.bool_]
    closed: bool
    fill: bool = False


def cubic_basis(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bernstein polynomials [..., 4] of the third degree: what each control point counts at u."""
    v = 1 - u
    return np.stack([v**3, 3 * u * v * v, 3 * u * u * v, u**3], -1)


def polyline(chain: Chain, step: float = 1.0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points [n, 2] along a chain, at most about `step` apart, and the widths [n] there."""
    points, widths, _ = sampled(chain, step)
    return points, widths


def sampled(chain: Chain, step: float = 1.0) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Points and widths of `polyline`, and which [m + 1] of the points are ends of pieces."""
    pieces = (len(chain.points) - 1) // 3
    if pieces < 1:
        return chain.points, chain.widths, np.zeros(1, int)
    controls = chain.points[3 * np.arange(pieces)[:, None] + np.arange(4)]
    longest = np.hypot(*np.moveaxis(np.diff(controls, axis=1), -1, 0)).sum(1)
    counts = np.maximum(1, np.ceil(longest / step).astype(int))
    ends = np.append(0, np.cumsum(counts))
    piece = np.repeat(np.arange(pieces), counts)
    u = (np.arange(ends[-1]) - ends[:-1][piece]) / counts[piece]
    piece, u = np.append(piece, pieces - 1), np.append(u, 1.0)
    widths = chain.widths[piece] * (1 - u) + chain.widths[piece + 1] * u
    return (controls[piece] * cubic_basis(u)[:, :, None]).sum(1), widths, ends
