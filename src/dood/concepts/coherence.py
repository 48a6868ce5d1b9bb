"""How much every place of a character looks like some place of other characters. Nothing is learned.

Coherence in the sense of bidirectional similarity (Simakov et al., 2008): each patch of the one has one like it in the
others. A joint, a corner or a step that no given character has is seen by it, wherever the parts came from.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from dood.concepts.likeness import dashes

__all__ = ["known_patches", "strangeness"]

Array = NDArray[np.float64]
Patches = NDArray[np.float32]
CELLS, REACH = 20, 4
"""Cells to a page's side, and those of a patch from its middle to each side."""
BLUR = 0.9
"""Deviation, in cells, by which ink is spread."""
WAYS = 4
"""Directions in which the ink of a cell may run: across, down and along the diagonals."""
APART = 4
"""A patch lies about each of so many hundredths of a page of line."""
MOST = 2000
"""Patches of given characters that others are compared with; of more, some at even distances are taken."""


def known_patches(characters: Sequence[Sequence[Array]]) -> Patches:
    """The patches [n, d] of given characters, each the lines [n, 2] of its parts in shares of the page."""
    every = np.concatenate([_patches(lines) for lines in characters])
    return every[:: -(-len(every) // MOST)]


def strangeness(lines: Sequence[Array], known: Patches) -> float:
    """How far the patches along a character's lines are from known ones: the mean distance to the nearest."""
    own = _patches(lines)
    # As |a - b|^2 = |a|^2 + |b|^2 - 2 ab, which is many times faster than distance by distance.
    nearest = (np.square(known).sum(1) - 2 * own @ known.T).min(1) + np.square(own).sum(1)
    return float(np.sqrt(nearest.clip(min=0)).mean())


def _patches(lines: Sequence[Array]) -> Patches:
    """What lies about places along the lines: the root of the ink by cell and direction."""
    places = np.concatenate([dashes(line) for line in lines])
    cells = np.clip((places[:, :2] * CELLS).astype(int), 0, CELLS - 1) + REACH
    side = CELLS + 2 * REACH
    ink = np.zeros((WAYS, side, side))
    for way in range(WAYS):
        along = np.maximum(np.cos(np.arctan2(places[:, 3], places[:, 2]) - way * 2 * np.pi / WAYS), 0)
        np.add.at(ink[way], (cells[:, 1], cells[:, 0]), along * places[:, 4] * CELLS)
    spread = np.sqrt(gaussian_filter(ink, (0, BLUR, BLUR))).astype(np.float32)
    return np.array(
        [spread[:, y - REACH : y + REACH + 1, x - REACH : x + REACH + 1].ravel() for x, y in cells[::APART]]
    )
