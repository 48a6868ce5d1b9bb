"""Which entry of a codebook of thumbnails a drawing has, in numpy."""

import math

import numpy as np
from numpy.typing import NDArray

from dood.core.resampling import resize_weights

__all__ = ["chances_given", "drawn_from"]

SPREAD = 0.15
"""Standard deviation of the ink that a part has beyond an entry's, a pixel. (About their entries, test images vary by
0.07 to 0.12.)"""


def chances_given(
    part: NDArray[np.floating], centres: NDArray[np.floating], share: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return p(c | part) [g], up to a constant factor.

    p(part | c) is a Gaussian of the ink that the part has beyond the entry's, so entries without the part's ink are
    improbable.

    Arguments:
        part: [h, w], ink in [0, 1].
        centres: [g, s * s], thumbnails.
        share: [g], p(c) up to a constant factor.
    """
    side = math.isqrt(centres.shape[1])
    rows, columns = (resize_weights(pixels, side) for pixels in part.shape)
    lack = np.square(np.maximum((rows @ part @ columns.T).ravel() - centres, 0)).sum(1)
    lack[share == 0] = np.inf
    return share * np.exp((lack.min() - lack) / (2 * SPREAD**2))


def drawn_from(chances: NDArray[np.floating], pick: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the entries that numbers in [0, 1) pick, each with its share of the sum of chances."""
    reached = chances.astype(np.float64).cumsum()
    return np.searchsorted(reached[:-1] / reached[-1], pick, side="right")
