"""The work image: a picture's ink at a size where the pen is a few pixels wide, whatever the picture's own size."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dood.tracing.regions import depth_of
from dood.tracing.thinning import thinned

__all__ = ["INK", "Work", "pen_width", "work_image"]

PEN = 4.5
"""Work pixels that the pen is wide, if the picture is not large or tiny."""

LEAST, MOST = 3.0, 8.0
"""A pen between these many pixels is left as it is."""

ENLARGED = 8.0
"""Most times that a picture is enlarged."""

PIXELS = 16_000_000
"""Most work pixels; in larger pictures the pen is thinner."""

INK, FAINT = 0.5, 0.25
"""Ink that is a line for sure, and the faintest that may be one beside it."""

MARGIN = 2
"""Picture pixels around the ink."""


class Work(NamedTuple):
    """Ink at work size.

    Attributes:
        ink: float32 [h, w] in [0, 1].
        scale: work pixels per pixel of the picture.
        corner: x and y of the work image's corner in the picture.
        pen: width of the pen in work pixels.
    """

    ink: NDArray[np.float32]
    scale: float
    corner: tuple[float, float]
    pen: float

    def to_picture(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels of the picture [..., 2] of work pixels [..., 2]."""
        return points / self.scale + self.corner


def work_image(ink: NDArray[np.float32]) -> Work | None:
    """The work image of a picture's ink [h, w] in [0, 1]; None if there is no ink."""
    mask = ink > INK
    if not mask.any():
        return None
    rows, columns = (np.flatnonzero((ink > FAINT).any(axis)) for axis in (1, 0))
    top, bottom = max(0, rows[0] - MARGIN), rows[-1] + 1 + MARGIN
    left, right = max(0, columns[0] - MARGIN), columns[-1] + 1 + MARGIN
    ink = ink[top:bottom, left:right]
    pen = pen_width(mask[top:bottom, left:right])
    scale = 1.0 if LEAST <= pen <= MOST else min(PEN / pen, ENLARGED)
    scale = min(scale, (PIXELS / ink.size) ** 0.5)
    if scale != 1.0:
        ink = _resized(ink, scale)
    return Work(ink, scale, (float(left), float(top)), pen * scale)


def _resized(ink: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Ink [ceil(h scale), ceil(w scale)], exactly so many times as large: beyond its last pixels there is paper."""
    height, width = (int(np.ceil(side * scale)) for side in ink.shape)
    kept = width / scale, height / scale
    padded = np.pad(ink, [(0, int(np.ceil(most)) - side) for most, side in zip(kept[::-1], ink.shape, strict=True)])
    method = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    resized = Image.fromarray(padded).resize((width, height), method, box=(0.0, 0.0, *kept))
    return np.clip(np.asarray(resized), 0, 1)


def pen_width(mask: NDArray[np.bool_]) -> float:
    """Typical width of the lines of an ink mask in pixels: of thin ones by area over length, of others by depth."""
    skeleton = thinned(mask)
    length = skeleton.sum() * 1.1
    thin = mask.sum() / max(length, 1.0)
    if thin < LEAST:
        return float(max(thin, 0.7))
    depth = depth_of(mask)[skeleton]
    low, high = np.quantile(depth, [0.25, 0.75])
    middle = depth[(depth >= low) & (depth <= high)]
    return float(2 * (middle if len(middle) else depth).mean() - 0.5)  # none of two lies between their quartiles
