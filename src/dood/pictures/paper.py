"""The ground that ink lies on: its level, even or under uneven light."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter, minimum_filter, uniform_filter

from dood.pictures.thumbnails import box, enlarge, median, noise_of, shrink

__all__ = ["CLEAN", "FIELD_SIDE", "Ground", "flat_level"]

CLEAN = 2.5 / 255
"""How far around its mode a background may spread to count as flat, and from 0 to count as clean."""

FIELD_SIDE = 64
"""Uneven light is estimated on a picture of this size; smaller pictures are taken to be evenly lit."""

WIDE = 21
"""Pixels across of windows on that picture that are wider than strokes."""

STEEP = 0.12
"""Share by which the ground changes within two pixels of that picture at the edge of a shadow."""

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


class Ground(NamedTuple):
    """What lies between the ink of an unevenly lit picture, on a thumbnail of FIELD_SIDE.

    Attributes:
        inked: bool, where ink lies: what stands out from medians over windows wider than strokes.
        coarse: those medians.
        means: means of what is not inked, over such windows.
        dark: whether ink is darker than the ground.
    """

    inked: NDArray[np.bool_]
    coarse: NDArray[np.float32]
    means: NDArray[np.float32]
    dark: bool

    @classmethod
    def of(cls, values: NDArray[np.float32], dark: bool) -> "Ground":
        """The ground of grey values [h, w], of which 1 is white."""
        small = shrink(values, FIELD_SIDE)
        coarse = median(small, WIDE)
        residual = coarse - small if dark else small - coarse
        inked = np.asarray(maximum_filter(residual > max(3 * noise_of(residual), INKED), 3), bool)
        return cls(inked, coarse, _means(small, inked), dark)

    def level(self, plane: NDArray[np.float32]) -> NDArray[np.float32]:
        """Level [h, w] of the ground in the grey values, or in a channel."""
        small = shrink(plane, FIELD_SIDE)
        # Light changes from place to place, the colour of the paper hardly does.
        tint = _means(small, self.inked) / np.maximum(self.means, 1e-3)
        level = box(box(median(np.where(self.inked, self.coarse * tint, small), 9)))
        # At the edge of a shadow the ground counts as dark as its dark side, so that the edge itself is no ink.
        reach, inwards = (5, minimum_filter) if self.dark else (5, maximum_filter)
        step = maximum_filter(level, 3) - minimum_filter(level, 3)
        level = np.where(step > STEEP * np.maximum(level, STEEP), inwards(level, reach), level)
        return enlarge(level.astype(np.float32), plane.shape)


def _means(small: NDArray[np.float32], inked: NDArray[np.bool_]) -> NDArray[np.float32]:
    bare = (~inked).astype(np.float32)
    mean = uniform_filter(small * bare, WIDE) / np.maximum(uniform_filter(bare, WIDE), 1e-6)
    return np.asarray(mean, np.float32)
