"""The ground that ink lies on: its level, even or under uneven light."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, maximum_filter

from dood.pictures.thumbnails import box, enlarge, median, noise_of, shrink

__all__ = ["CLEAN", "FIELD_SIDE", "flat_level", "inked_of", "level_of"]

CLEAN = 2.5 / 255
"""How far around its mode a background may spread to count as flat, and from 0 to count as clean."""

FIELD_SIDE = 64
"""Uneven light is estimated on a picture of this size; smaller pictures are taken to be evenly lit."""

INKED = 0.02
"""Least that ink stands out from its surroundings on a picture of that size."""


def flat_level(darkness: NDArray[np.float32], middle: float) -> float | None:
    """The level of an even background: one that at least half of what is paper shares.

    Arguments:
        darkness: [h, w], grows with ink.
        middle: values below are paper for the most part.
    """
    paper = darkness[darkness <= middle]
    counts = np.bincount(np.rint(paper * 255).astype(np.int32).ravel(), minlength=256)
    mode = int(counts.argmax()) / 255
    share = np.count_nonzero(np.abs(paper - mode) <= CLEAN) / paper.size
    return mode if share >= 0.5 else None


def inked_of(darkness: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where ink lies, on a picture of FIELD_SIDE: what stands out from medians over windows wider than strokes."""
    small = shrink(darkness, FIELD_SIDE)
    residual = small - median(small, 21)
    inked = residual > max(3 * noise_of(residual), INKED)
    return np.asarray(maximum_filter(inked, 3))


def level_of(plane: NDArray[np.float32], inked: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Level [h, w] of unevenly lit ground in a plane of values: medians of what lies between the ink."""
    small = shrink(plane, FIELD_SIDE)
    nearest = distance_transform_edt(inked, return_distances=False, return_indices=True)
    fine = median(small[tuple(nearest)], 9)
    return enlarge(box(box(fine)), plane.shape)
