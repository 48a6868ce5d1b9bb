"""New examples of one drawing, in numpy: what `dood.concepts.tokens` does for tensors whose gradients are followed.

The two compute the same; a test compares them.
"""

import numpy as np
from numpy.typing import NDArray

from dood.concepts.spreads import WHOLE, Spreads
from dood.core.streams import Stream
from dood.engines.engine import Array, Curves

__all__ = ["affine", "copies"]


def copies(drawing: Curves, spreads: Spreads, count: int, *, temperature: float = 1.0, seed: int = 0) -> Curves:
    """Return `count` tokens of a drawing: its strokes deformed, mapped as a whole, and with another pen.

    Arguments:
        drawing: a batch of one.
        temperature: factor of all deviations.
        seed: the same tokens for the same seed and count.
    """
    stream, numbers = Stream(seed), drawing.points[0, ..., 0].size
    white = temperature * stream.normal([count, numbers, 2])
    whole = temperature * stream.normal([count, WHOLE])
    displaced = _deformation(drawing.points[0], spreads) @ white
    moved = drawing.points + displaced.reshape(count, *drawing.points.shape[1:])
    counted = drawing.points[drawing.mask].reshape(-1, 2)
    centre = counted.mean(0) if len(counted) else np.zeros(2)
    shift = centre + spreads.shift * whole[:, None, None, :2]
    points = (moved - centre) @ affine(whole, spreads).transpose(0, 2, 1)[:, None] + shift
    radius = drawing.radius * np.exp(spreads.pen * whole[:, 6])[:, None, None]
    mask = np.broadcast_to(drawing.mask, (count, drawing.mask.shape[1]))
    return Curves(points.astype(np.float32), radius.astype(np.float32), mask)


def _deformation(points: Array, spreads: Spreads) -> np.ndarray:
    """The matrix that maps white noise to displacements of the control points [t, p, 2], along each axis."""
    flat = points.reshape(-1, 2).astype(np.float64)
    near = np.exp(-0.5 * np.square(flat[:, None] - flat).sum(-1) / spreads.reach**2)
    which = np.repeat(np.arange(points.shape[0]), points.shape[1])
    # As in `dood.concepts.tokens.deformation`, where it is explained.
    noise = spreads.point**2 + 1e-4 * (spreads.bend**2 + spreads.stroke**2) + 1e-12
    covariance = spreads.bend**2 * near + spreads.stroke**2 * (which[:, None] == which)
    return np.linalg.cholesky(covariance + noise * np.eye(len(which)))


def affine(whole: NDArray[np.floating], spreads: Spreads) -> np.ndarray:
    """Rotation times shear times scales of x and y, [count, 2, 2]."""
    size, aspect, shear, angle = whole[:, 2:6].T
    size, aspect = spreads.size * size, 0.5 * spreads.aspect * aspect
    wide, tall = np.exp(size + aspect), np.exp(size - aspect)
    shear, angle = spreads.shear * shear, spreads.angle * angle
    sheared = np.stack([wide, shear * tall, np.zeros_like(wide), tall], -1).reshape(-1, 2, 2)
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], -1).reshape(-1, 2, 2)
    return turn @ sheared
