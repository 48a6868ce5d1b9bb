"""Stroke-3: the polylines that sketch-rnn and its kin learn from, in a numpy file."""

import math
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.drawing import Drawing
from dood.errors import DoodError

__all__ = ["STEP", "Stroke3", "to_stroke3", "write_stroke3"]

STEP = 1.5
"""Pixels of the picture between samples along a stroke."""

ALL_POINTS = 2**23
"""Samples of a drawing, about: where lines are longer than that many steps, steps are longer."""

GRID = 1024
"""Positions are rounded to 1/GRID pixel: differences are then exact in float32, and adding them up does not drift."""


class Stroke3(NamedTuple):
    """Pen movements.

    Attributes:
        rows: float32 [n, 3] of dx, dy and pen lifted: 1 at the last point of a stroke, else 0. The pen is at
            `offset + cumsum(rows[:, :2])`, in pixels of the picture. A row after a lifted pen, and the first one,
            moves without drawing; a dot is one such row with the pen lifted again.
        offset: float32 [2], where the first stroke starts; the first row moves by 0, 0.
    """

    rows: NDArray[np.float32]
    offset: NDArray[np.float32]


def to_stroke3(drawing: Drawing, step: float = STEP) -> Stroke3:
    """Sample the strokes every `step` pixels or a little less, by length along the curve; ends are always included.

    Raises:
        DoodError: step is not positive and finite.
    """
    if not 0 < step < math.inf:
        raise DoodError(f"step {step} is out of range: give a positive number of pixels")
    reach = sum(float(np.hypot(*np.diff(stroke.points, axis=0).T).sum()) for stroke in drawing.strokes)
    step = max(step, reach / ALL_POINTS)
    lines = [np.round(stroke.even(step) * GRID) / GRID for stroke in drawing.strokes]
    if not lines:
        return Stroke3(np.zeros((0, 3), np.float32), np.zeros(2, np.float32))
    path = np.concatenate(lines)
    rows = np.zeros((len(path), 3), np.float32)
    rows[1:, :2] = np.diff(path, axis=0)
    rows[np.cumsum([len(line) for line in lines]) - 1, 2] = 1
    return Stroke3(rows, path[0].astype(np.float32))


def write_stroke3(drawing: Drawing, file: BinaryIO) -> None:
    """Write the arrays `stroke3`, `offset`, `width` and `height` as npz."""
    rows, offset = to_stroke3(drawing)
    np.savez_compressed(file, stroke3=rows, offset=offset, width=drawing.width, height=drawing.height)
