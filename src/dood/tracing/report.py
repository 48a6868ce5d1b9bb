"""How well strokes and ink agree: what was missed, and what was invented."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
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
        missed: share of the ink farther than NEAR from every stroke at its own width, and in no fill.
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
    fills = [line for chain, (line, _) in zip(chains, lines, strict=True) if chain.fill]
    _, missed = missed_ink(ink, points, widths, fills)
    return Report(len(chains), float(missed.mean()), float(inkless(ink, points).mean()))


def missed_ink(
    ink: NDArray[np.float32],
    points: NDArray[np.float64],
    widths: NDArray[np.float64],
    fills: Sequence[NDArray[np.float64]] = (),
) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Pixels of ink [n, 2], SAMPLED of them at most, and whether each [n] is far from all points of strokes.

    Arguments:
        fills: outlines [m, 2] of filled areas, in which no ink is missed.
    """
    inked = np.argwhere(ink > INK)
    inked = inked[:: max(1, -(-len(inked) // SAMPLED))]
    middles = inked[:, ::-1] + 0.5
    away, nearest = KDTree(points).query(middles)
    missed = np.asarray(away - widths[nearest] / 2 > NEAR)
    return middles, missed & ~_inside(fills, ink.shape)[tuple(inked.T)] if fills else missed


def _inside(fills: Sequence[NDArray[np.float64]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The pixels [h, w] within outlines."""
    image = Image.new("1", (shape[1], shape[0]))
    draw = ImageDraw.Draw(image)
    for outline in fills:
        draw.polygon([*map(tuple, outline - 0.5)], fill=1)
    return np.asarray(image)


def inkless(ink: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each point [n] of a stroke is far from any ink [h, w]."""
    reach = int(NEAR) + 2
    blank = np.pad(ink <= FAINT, reach, constant_values=True)
    away = depth_of(blank)
    x, y = (np.clip(np.floor(points[:, axis]).astype(int) + reach, 0, blank.shape[1 - axis] - 1) for axis in (0, 1))
    return away[y, x] > NEAR
