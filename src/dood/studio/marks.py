"""Where ink and strokes disagree, for the page to show."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dood.drawing import Drawing
from dood.pictures import Picture
from dood.tracing.report import inkless, missed_ink

__all__ = ["marked"]

SHOWN = 4000
"""Most marks of a kind."""


def marked(drawing: Drawing, picture: Picture) -> tuple[Drawing, dict[str, list[list[float]]]]:
    """The drawing with its shares of missed and invented ink, and where they are.

    Returns:
        The marks are points (x, y) in pixels of the picture: `missed` ink that no stroke covers, `spurious` line where
        there is none. All is found by the measures of `dood.tracing.report`, which hold in values of ink.
    """
    ink, block = picture.ink, picture.block
    lines = [stroke.even(block) / block for stroke in drawing.strokes]
    if not lines:
        return replace(drawing, missed=1.0, spurious=0.0), {"missed": [], "spurious": []}
    points = np.concatenate(lines)
    widths = np.repeat([stroke.width / block for stroke in drawing.strokes], [len(line) for line in lines])
    fills = [line for stroke, line in zip(drawing.strokes, lines, strict=True) if stroke.fill]
    inked, missed = missed_ink(ink, points, widths, fills)
    spurious = inkless(ink, points)
    marks = {"missed": _plain(inked[missed] * block), "spurious": _plain(points[spurious] * block)}
    return replace(drawing, missed=float(missed.mean()) if missed.size else 0.0, spurious=float(spurious.mean())), marks


def _plain(points: NDArray[np.floating]) -> list[list[float]]:
    return np.round(points[:: -(-len(points) // SHOWN) or 1], 1).tolist()
