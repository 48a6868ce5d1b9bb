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
    drawn = ink / (SPEED * math.hypot(drawing.width, drawing.height))
    ends = np.cumsum(drawn) + LIFT * np.arange(len(drawn))
    seconds = float(ends[-1])
    pace = min(max(seconds, SHORTEST), LONGEST) / seconds
    return Timing((ends - drawn) * pace, ends * pace, seconds * pace)
