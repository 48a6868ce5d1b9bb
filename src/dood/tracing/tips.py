"""Where strokes end: half a pen from the end of their ink, as a round pen leaves it."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from dood.tracing.chains import Path, reversed_path

__all__ = ["to_the_tips"]

BACK = 1.5
"""Pen widths over which the direction of an end is taken."""

LONGER, SHORTER = 2.5, 0.5
"""Most pen widths by which an end moves on, or back. Thinning wears a slanted line off by up to two pens."""

ACROSS, STUB = 1.3, 0.5
"""A stroke that ends at a node goes beyond its middle only if its ink does: by more than the first times the radius of
the node, as it crosses the other line aslant, and the second times the pen's width."""

SPARSE = 1.5
"""Work pixels between two points of a path that are more than neighbours: the way to a node's middle."""

SPACING = 0.25
"""Work pixels between the places at which the ink beyond an end is looked at."""


def to_the_tips(paths: list[Path], ink: NDArray[np.float32], pen: float) -> list[Path]:
    """Paths whose open ends lie half their width from where the ink ends in their direction.

    Arguments:
        ink: float32 [h, w] in [0, 1], the work image.
        pen: width of the pen in work pixels.
    """
    open_ones = [i for i, path in enumerate(paths) if not path.closed and _length(path) > 0.5 * pen]
    if not open_ones:
        return paths
    result = list(paths)
    for flip in (False, True):
        own = [reversed_path(result[i]) if flip else result[i] for i in open_ones]
        tips = np.array([path.points[-1] for path in own])
        ways = tips - np.array([_before(path, BACK * pen) for path in own])
        ways /= np.maximum(np.hypot(*ways.T), 1e-9)[:, None]
        widths = np.array([float(np.median(path.widths[-max(3, round(pen)) :])) for path in own])
        edges, radii = _edges(ink, tips, ways, pen), np.array([path.meets[1] for path in own])
        moves = np.nan_to_num(np.clip(edges - widths / 2, -SHORTER * pen, LONGER * pen))
        moves[(radii > 0) & (edges < ACROSS * radii + STUB * pen)] = 0.0
        for i, path, move, way in zip(open_ones, own, moves.tolist(), ways, strict=True):
            moved = _moved(path, move, way)
            result[i] = reversed_path(moved) if flip else moved
    return result


def _edges(ink: NDArray[np.float32], tips: NDArray[np.float64], ways: NDArray[np.float64], pen: float) -> NDArray:
    """How far beyond each tip the ink goes on in a straight way, in work pixels; NaN if that is too far to see."""
    far = np.arange(0, (LONGER + 1) * pen, SPACING)
    at = tips[:, None] + far[None, :, None] * ways[:, None]
    seen = map_coordinates(ink, [at[..., 1] - 0.5, at[..., 0] - 0.5], order=1, mode="constant")
    blank = seen < 0.5 * np.maximum(seen[:, :1], 0.5)
    return np.where(blank.any(1), far[blank.argmax(1)] - SPACING / 2, np.nan)


def _before(path: Path, distance: float) -> NDArray[np.float64]:
    """The point about so far before the end, as the crow flies."""
    away = np.hypot(*(path.points - path.points[-1]).T)
    far = np.flatnonzero(away >= distance)
    return path.points[far[-1]] if len(far) else path.points[0]


def _moved(path: Path, move: float, way: NDArray[np.float64]) -> Path:
    if move > 0:
        tip = path.points[-1] + move * way
        return path._replace(points=np.vstack([path.points, tip]), widths=np.append(path.widths, path.widths[-1]))
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(path.points, axis=0).T)))
    end = max(along[-1] + move, 0.5 * along[-1])
    kept = int(np.searchsorted(along, end, side="right"))
    points, widths = path.points[: max(kept, 1)], path.widths[: max(kept, 1)]
    if len(points) < 2 or end - along[kept - 1] > SPARSE:
        tip = [[np.interp(end, along, path.points[:, axis]) for axis in (0, 1)]]
        points, widths = np.vstack([points, tip]), np.append(widths, np.interp(end, along, path.widths))
    return path._replace(points=points, widths=widths)


def _length(path: Path) -> float:
    return float(np.hypot(*np.diff(path.points, axis=0).T).sum()) if len(path.points) > 1 else 0.0
