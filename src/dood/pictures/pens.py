"""The pens of a drawing: colours that its ink was drawn with, and which of them drew each pixel.

Along a soft edge, and where a pen runs dry, ink mixes with paper: what paper lacks of light there, by channel, keeps
its direction and loses length. So pens are told apart by direction.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, uniform_filter1d

__all__ = ["MOST_PENS", "Pens", "pens_in"]

MOST_PENS = 8
"""Colours that are told apart in one picture."""

BINS, SPAN = 64, 1.7
"""Directions are counted on a plane of this many bins and this width; black and grey lie in its middle."""

APART = 0.17
"""Least distance of two pens on that plane: about ten degrees."""

RARE = 0.012
"""Least share of the ink that a pen has drawn."""

VALLEY = 0.7
"""Between two pens there is at most this share of the weaker one's ink."""

STRONG = 0.3
"""Share of the strongest ink that is needed to see a colour."""

VOTE = 3
"""Cells of 2 x 2 pixels across of the square in which ink agrees on its pen."""


class Pens(NamedTuple):
    """Pens, the one of most ink first.

    Attributes:
        directions: float32 [n, 3], unit vectors of the shares that channels lack of the paper's light.
        labels: uint8 [h, w], the pen of each pixel; meaningless where there is no ink.
    """

    directions: NDArray[np.float32]
    labels: NDArray[np.uint8]


def pens_in(shares: NDArray[np.float32], ink: NDArray[np.bool_], most: int | None = None) -> Pens:
    """The pens of a picture.

    Arguments:
        shares: [h, w, 3], what channels lack of the paper's light.
        ink: bool [h, w], where there is some.
        most: pens at most; None finds out.
    """
    inked = shares[ink]
    length = np.linalg.norm(inked, axis=1)
    strong = length > STRONG * np.quantile(length, 0.98) if len(length) else np.zeros(0, bool)
    flat = _flattened(inked, length)
    centres = _centres(flat[strong], length[strong], most or MOST_PENS)
    if len(centres) < 2:
        return Pens(_direction(inked[strong], length[strong])[None], np.zeros(ink.shape, np.uint8))
    nearest = ((flat[:, None] - centres) ** 2).sum(2).argmin(1).astype(np.uint8)
    labels = np.zeros(ink.shape, np.uint8)
    labels[ink] = nearest
    labels = _agreed(labels, ink, length, len(centres))
    own = [strong & (labels[ink] == pen) for pen in range(len(centres))]
    directions = [_direction(inked[which], length[which]) for which in own]
    return Pens(np.stack(directions), labels)


def _direction(inked: NDArray[np.float32], length: NDArray[np.float32]) -> NDArray[np.float32]:
    total = inked.sum(0) if len(length) else np.ones(3)
    return (total / max(float(np.linalg.norm(total)), 1e-6)).astype(np.float32)


def _flattened(inked: NDArray[np.float32], length: NDArray[np.float32]) -> NDArray[np.float32]:
    """Directions [m, 2] of shares [m, 3], seen along the axis of greys."""
    red, green, blue = (inked / np.maximum(length, 1e-6)[:, None]).T
    flat = np.stack([(red - green) / np.sqrt(2), (red + green - 2 * blue) / np.sqrt(6)], 1)
    return flat.astype(np.float32)


def _centres(flat: NDArray[np.float32], weight: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Peaks [n, 2] of the density of directions, the highest first."""
    edges = [-SPAN / 2, SPAN / 2]
    counts = np.histogram2d(flat[:, 0], flat[:, 1], BINS, [edges, edges], weights=weight)[0]
    density = gaussian_filter(counts, 1.2)
    total, reach = max(float(density.sum()), 1e-9), int(APART / SPAN * BINS)
    peaks: list[tuple[int, int]] = []
    left = density.copy()
    while len(peaks) < most:
        row, column = divmod(int(left.argmax()), BINS)
        box = (slice(max(0, row - reach), row + reach + 1), slice(max(0, column - reach), column + reach + 1))
        if left[row, column] <= 0 or counts[box].sum() < RARE * total:
            break
        if all(_valley(density, (row, column), peak) < VALLEY for peak in peaks):
            peaks.append((row, column))
        left[box] = 0
    return (((np.array(peaks).reshape(-1, 2) + 0.5) / BINS - 0.5) * SPAN).astype(np.float32)


def _valley(density: NDArray[np.float64], one: tuple[int, int], other: tuple[int, int]) -> float:
    """The least density on the way between two peaks, as a share of the lower one."""
    way = np.rint(np.linspace(one, other, 16)).astype(int)
    return float(density[way[:, 0], way[:, 1]].min() / max(min(density[one], density[other]), 1e-9))


def _agreed(
    labels: NDArray[np.uint8], ink: NDArray[np.bool_], length: NDArray[np.float32], pens: int
) -> NDArray[np.uint8]:
    """Labels by the vote of the ink around, the stronger the heavier, on cells of 2 x 2 pixels."""
    rows, columns = np.nonzero(ink)
    height, width = (-(-side // 2) for side in labels.shape)
    ballot = ((rows // 2) * width + columns // 2) * pens + labels[ink]
    votes = np.bincount(ballot, length**2, height * width * pens).astype(np.float32).reshape(height, width, pens)
    votes = uniform_filter1d(uniform_filter1d(votes, VOTE, axis=0), VOTE, axis=1)
    winner = votes.argmax(2).astype(np.uint8)
    return winner.repeat(2, 0)[: labels.shape[0]].repeat(2, 1)[:, : labels.shape[1]]
