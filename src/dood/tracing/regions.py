"""Regions of masks: how deep they are, and which of their pixels hang together."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["depth_of", "parts_of"]


def depth_of(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance [h, w] in pixels from each pixel of a mask to the nearest that is not of it."""
    return np.asarray(ndimage.distance_transform_edt(mask), np.float32)


def parts_of(mask: NDArray[np.bool_], *, diagonally: bool = False) -> NDArray[np.intp]:
    """The part [h, w] that each pixel of a mask belongs to, from 1 on; 0 outside.

    Arguments:
        diagonally: whether pixels hang together at their corners too.
    """
    parts = np.zeros(mask.shape, np.int32)
    ndimage.label(mask, np.ones((3, 3)) if diagonally else None, output=parts)
    return np.asarray(parts, np.intp)
