"""The lines of a drawing as points at even distances, in units of its pen: what is smooth in them and what is not."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.spatial import KDTree

from dood.drawing import Drawing
from dood.tracing.chains import Path
from dood.tracing.smoothing import Lines, corners_of, evenly, smoothed

__all__ = ["CORNER", "FINE", "WOBBLE", "Gap", "Strands", "corner_zone", "detail", "gaps", "strands_of"]

Array = NDArray[np.float64]
FINE = 4.0
"""Points to a pen's width."""
WOBBLE, CORNER = 0.75, 1.5
"""Deviations of the smoothing that takes wobble away, and corners, in pens."""
BROAD = 2.0
"""How much wider than in tracing a corner is looked for: rounded ones are corners too."""
ZONE = 1.5
"""Pens from a corner that are its own."""
REACH = 3.0
"""Pens from which an end nearly meets a line."""
MEETS = 1.0
"""Pens from which it meets it."""
OWN = 4.0
"""Pens along its own line from an end that it is not near to."""


class Strands(NamedTuple):
    """The lines of a drawing, dots left out.

    Attributes:
        lines: in units of a quarter of the pen, so that points are about 1 apart.
        which: the stroke of each line.
        pen: median width of the strokes, in pixels.
        drawn: points of everything, dots too, in pixels, [m, 2].
    """

    lines: Lines
    which: tuple[int, ...]
    pen: float
    drawn: Array

    @property
    def unit(self) -> float:
        """Pixels to a unit."""
        return self.pen / FINE

    @property
    def steps(self) -> Array:
        """Ways from each point to the next of its line, in pixels."""
        owner = self.lines.owner
        return np.diff(self.lines.points, axis=0)[owner[1:] == owner[:-1]] * self.unit


class Gap(NamedTuple):
    """An end that meets another line or another place of its own, or nearly so.

    Attributes:
        line: its line.
        last: whether it is the last point.
        far: how far it is from the middle of the other, in units; 0 where it meets it.
        way: unit vector [2] from it to there.
    """

    line: int
    last: bool
    far: float
    way: Array


def strands_of(drawing: Drawing) -> Strands:
    """The lines of a drawing with strokes."""
    pen = float(np.median([stroke.width for stroke in drawing.strokes]))
    which = tuple(i for i, stroke in enumerate(drawing.strokes) if np.ptp(stroke.points, axis=0).any())
    paths = []
    for i in which:
        stroke = drawing.strokes[i]
        points = stroke.even(pen / FINE) * (FINE / pen)
        paths.append(Path(points, np.full(len(points), stroke.width * FINE / pen), stroke.closed))
    lines = evenly(paths) if paths else Lines(np.zeros((0, 2)), np.zeros(0), np.zeros(1, np.intp), np.zeros(0, bool))
    dots = [stroke.points[:1] for i, stroke in enumerate(drawing.strokes) if i not in set(which)]
    return Strands(lines, which, pen, np.concatenate([lines.points * (pen / FINE), *dots]))


def detail(strands: Strands, smooth: float) -> Array:
    """What smoothing by so many pens takes away from each point, [n, 2], in units; ends stay where they are."""
    lines = strands.lines
    if not len(lines.closed):
        return np.zeros((0, 2))
    return lines.points - smoothed(lines, np.zeros(len(lines.points), bool), smooth * FINE).points


def corner_zone(strands: Strands) -> NDArray[np.bool_]:
    """The points [n] at and about corners, sharp or rounded."""
    lines = strands.lines
    if not len(lines.closed):
        return np.zeros(0, bool)
    return np.asarray(maximum_filter1d(corners_of(lines, BROAD * FINE), 2 * round(ZONE * FINE) + 1), bool)


def gaps(strands: Strands) -> list[Gap]:
    """The ends that meet a line, or nearly."""
    lines, found = strands.lines, []
    if not len(lines.closed):
        return found
    tree, owner = KDTree(lines.points), lines.owner
    for i in np.flatnonzero(~lines.closed).tolist():
        first, last = int(lines.starts[i]), int(lines.starts[i + 1]) - 1
        for at in (first, last):
            near = np.array(tree.query_ball_point(lines.points[at], REACH * FINE), int)
            near = near[(owner[near] != i) | (np.abs(near - at) > OWN * FINE)]
            if len(near):
                ways = lines.points[near] - lines.points[at]
                far = np.hypot(*ways.T)
                best = int(far.argmin())
                reach = float(far[best]) if far[best] > MEETS * FINE else 0.0
                found.append(Gap(i, at == last, reach, ways[best] / max(float(far[best]), 1e-9)))
    return found
