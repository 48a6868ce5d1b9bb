"""Where ink and strokes disagree, for the page to show."""

import numpy as np
from numpy.typing import NDArray

from dood.drawing import Drawing
from dood.pictures import Picture
from dood.tracing.report import inkless, missed_ink

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
    widths = np.repeat([stroke.width / block for stroke in drawing.strokes], [len(line) for line in lines])
    inked, missed = missed_ink(ink, points, widths)
    return {"missed": _plain(inked[missed] * block), "spurious": _plain(points[inkless(ink, points)] * block)}


def _plain(points: NDArray[np.floating]) -> list[list[float]]:
    return np.round(points[:: -(-len(points) // SHOWN) or 1], 1).tolist()
