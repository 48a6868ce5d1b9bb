"""When each stroke is drawn, for the formats that move."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.drawing import Drawing

__all__ = ["HOLD", "Timing", "timing"]

HOLD = 1.5
"""Seconds for which the finished drawing is shown before it starts again."""

SPEED = 0.8
"""Diagonals of the picture that the pen draws in a second."""

BRIEFEST = 1e-3
"""Seconds of a stroke, before the drawing as a whole is slowed down or sped up."""

LIFT = 0.12
"""Seconds between strokes."""

SHORTEST, LONGEST = 1.0, 10.0
"""Seconds of the drawing as a whole; slower or faster where SPEED would leave this range."""


class Timing(NamedTuple):
    """Seconds from the first pen-down: starts [n] and ends [n] of the strokes, and the end of the last one."""

    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    seconds: float


def timing(drawing: Drawing) -> Timing:
    """A time for every stroke, proportional to its length; the pen's width counts as length, so that dots take time."""
    if not drawing.strokes:
        return Timing(np.zeros(0), np.zeros(0), 0.0)
    ink = np.array([stroke.length + stroke.width for stroke in drawing.strokes])
    drawn = np.maximum(ink / (SPEED * math.hypot(drawing.width, drawing.height)), BRIEFEST)
    marks = np.stack([drawn, np.full(len(drawn), LIFT)], 1).cumsum()[:-1]
    marks *= min(max(marks[-1], SHORTEST), LONGEST) / marks[-1]
    return Timing(np.append(0.0, marks[1::2]), marks[::2], float(marks[-1]))
