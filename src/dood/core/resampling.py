"""Resampling of images as a matrix product, in numpy."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["resize_weights"]


def resize_weights(source: int, target: int) -> NDArray[np.float64]:
    """Return R [target, source] for antialiased bilinear (triangle filter) resampling of an axis from `source` pixels.

    `R @ image @ R.T` resizes a square image.
    """
    reach = max(source / target, 1.0)
    centres = (np.arange(target) + 0.5) * source / target
    offset = (np.arange(source) + 0.5) - centres[:, None]
    weight = np.maximum(1 - np.abs(offset / reach), 0)
    return weight / weight.sum(1, keepdims=True)
