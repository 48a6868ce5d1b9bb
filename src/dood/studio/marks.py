"""Where ink and strokes disagree, for the page to show."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.drawing import Drawing
from dood.pictures import Picture
from dood.tracing.regions import depth_of
from dood.tracing.report import FAINT, INK, NEAR, SAMPLED

__all__ = ["marks_of"]

SHOWN = 4000
"""Most marks of a kind."""


def marks_of(drawing: Drawing, picture: Picture) -> dict[str, list[list[float]]]:
    """Points (x, y) in pixels of the picture: `missed` ink that no stroke covers, `spurious` line where there is none.

    They are found as the shares of `dood.tracing.report` are, by its measures, which hold in values of ink.
    """
    ink, block = picture.ink, picture.block
    lines = [stroke.even(block) / block for stroke in drawing.strokes]
    if not lines:
        return {"missed": [], "spurious": []}
    points = np.concatenate(lines)
    radii = np.repeat([stroke.width / block / 2 for stroke in drawing.strokes], [len(line) for line in lines])
    inked = np.argwhere(ink > INK)[:, ::-1] + 0.5
    inked = inked[:: -(-len(inked) // SAMPLED) or 1]
    away, nearest = KDTree(points).query(inked)
    missed = inked[np.asarray(away) - radii[nearest] > NEAR]
    return {"missed": _plain(missed * block), "spurious": _plain(_without_ink(ink > FAINT, points) * block)}


def _without_ink(mask: NDArray[np.bool_], points: NDArray[np.float64]) -> NDArray[np.float64]:
    reach = int(NEAR) + 2
    blank = np.pad(~mask, reach, constant_values=True)
    x, y = (np.clip(np.floor(points[:, axis]).astype(int) + reach, 0, blank.shape[1 - axis] - 1) for axis in (0, 1))
    return points[depth_of(blank)[y, x] > NEAR]


def _plain(points: NDArray[np.floating]) -> list[list[float]]:
    return np.round(points[:: -(-len(points) // SHOWN) or 1], 1).tolist()
