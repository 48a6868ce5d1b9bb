"""How well strokes and ink agree: what was missed, and what was invented."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.tracing.cubics import Chain, polyline
from dood.tracing.regions import depth_of

__all__ = ["Report", "inkless", "missed_ink", "report_of"]

NEAR = 3.0
"""Pixels of the picture within which ink and strokes are taken to agree."""

INK, FAINT = 0.5, 0.25
"""Ink that must not be missed; and the faintest that a line may follow (`dood.tracing.mask`)."""

SAMPLED = 60_000
"""Most pixels of ink that are looked at."""


class Report(NamedTuple):
    """Shares in [0, 1].

    Attributes:
        strokes: how many there are.
        missed: share of the ink farther than NEAR from every stroke at its own width.
        spurious: share of the strokes' length farther than NEAR from any ink.
    """

    strokes: int
    missed: float
    spurious: float


def report_of(chains: list[Chain], ink: NDArray[np.float32]) -> Report:
    """Compare strokes with the ink [h, w] of the picture that they were found in, both in its pixels."""
    mask = ink > INK
    if not chains or not mask.any():
        return Report(len(chains), float(mask.any()), float(bool(chains)))
    lines = [polyline(chain) for chain in chains]
    points = np.concatenate([line for line, _ in lines])
    widths = np.concatenate([width for _, width in lines])
    _, missed = missed_ink(ink, points, widths)
    return Report(len(chains), float(missed.mean()), float(inkless(ink, points).mean()))


def missed_ink(
    ink: NDArray[np.float32], points: NDArray[np.float64], widths: NDArray[np.float64]
) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Pixels of ink [n, 2], SAMPLED of them at most, and whether each [n] is far from all points of strokes."""
    inked = np.argwhere(ink > INK)
    inked = inked[:: max(1, -(-len(inked) // SAMPLED))][:, ::-1] + 0.5
    away, nearest = KDTree(points).query(inked)
    return inked, np.asarray(away - widths[nearest] / 2 > NEAR)


def inkless(ink: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each point [n] of a stroke is far from any ink [h, w]."""
    reach = int(NEAR) + 2
    blank = np.pad(ink <= FAINT, reach, constant_values=True)
    away = depth_of(blank)
    x, y = (np.clip(np.floor(points[:, axis]).astype(int) + reach, 0, blank.shape[1 - axis] - 1) for axis in (0, 1))
    return away[y, x] > NEAR
