"""Small copies of pictures, and what is measured on smoothed ones."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

__all__ = ["box", "enlarge", "extremes", "median", "noise_of", "shrink", "smooth"]

SMOOTH_SIDE = 128
"""From this size on, extremes are those of 3 x 3 means, so that single hot pixels do not count."""

SAMPLED = 100_000
"""Values that tell noise well enough."""


def shrink(values: NDArray[np.float32], longest: int) -> NDArray[np.float32]:
    """Means over boxes, so that the longest side becomes `longest`."""
    ratio = longest / max(values.shape)
    height, width = (max(1, round(side * ratio)) for side in values.shape)
    return np.asarray(Image.fromarray(values).resize((width, height), Image.Resampling.BOX))


def enlarge(values: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Bilinear interpolation to [h, w]."""
    return np.asarray(Image.fromarray(values).resize((shape[1], shape[0]), Image.Resampling.BILINEAR))


def median(values: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """Medians over squares of an odd side."""
    return np.asarray(Image.fromarray(values).filter(ImageFilter.MedianFilter(window)))


def box(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of 3 x 3 values, the edge repeated."""
    padded = np.pad(values, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return ((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9).astype(np.float32, copy=False)


def smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of 3 x 3 values of pictures that are not small."""
    return box(values) if min(values.shape) >= SMOOTH_SIDE else values


def extremes(values: NDArray[np.float32]) -> tuple[float, float]:
    """Least and greatest value, hot pixels aside."""
    means = smooth(values)
    return float(means.min()), float(means.max())


def noise_of(residual: NDArray[np.float32]) -> float:
    """Standard deviation of paper around its level, from the side where there is no ink."""
    residual = residual.ravel()[:: max(1, residual.size // SAMPLED)]
    below = residual[residual < 0]
    return 1.4826 * float(np.median(-below)) if below.size else 0.0
