"""What a character is made of: its strokes, cut where the pen turns, and where these parts meet.

After the parts and relations of Lake et al. (2015), found in the strokes that were traced: nothing is learned.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.spatial.distance import cdist

from dood.drawing import Drawing, Stroke

__all__ = ["Anatomy", "Joint", "Part", "anatomy_of", "contacts", "drawing_from", "moved"]

Array = NDArray[np.float64]
TURN = 40.0
"""Degrees by which the pen turns at a corner that parts a stroke in two."""
BEND = 70.0
"""Degrees of a bend to one side that is followed by as much to the other: the stroke is cut in between."""
FAINT = 10.0
"""Degrees of a piece that is about straight."""
STEP = 1 / 100
"""Distance of the points along a part, as a share of the page."""
REACH = 0.9
"""Pen widths: middle lines that come so near to one another meet."""
TIP = 1.5
"""Pen widths from its end within which a part meets another by its end."""


class Part(NamedTuple):
    """A piece of a stroke, on a page whose longer side is 1.

    Attributes:
        points: control points, as those of a `Stroke` of so many `pieces`.
        line: [n, 2], points at even distances along it; one for a dot.
        length: along the line.
        pieces, width, closed: as of a `Stroke`; the width is in shares of the page.
        follows: whether it goes on where the part before it ended.
        smooth: whether it does so without a corner.
    """

    points: Array
    line: Array
    length: float
    pieces: int
    width: float
    closed: bool = False
    follows: bool = False
    smooth: bool = False

    def at(self, share: float) -> Array:
        """The point [2] after this share of its length."""
        return self.line[round(share * (len(self.line) - 1))]

    def way(self, share: float) -> Array:
        """The direction [2] of the pen after this share of its length; zero for a dot."""
        last = len(self.line) - 1
        reach = max(1, round(0.08 * last))
        i = round(share * last)
        step = self.line[min(i + reach, last)] - self.line[max(i - reach, 0)]
        return step / max(float(np.hypot(*step)), 1e-9)


class Joint(NamedTuple):
    """Two parts meet: after which share of the length of each."""

    one: int
    other: int
    at: float
    to: float


class Anatomy(NamedTuple):
    """The parts of a character in drawing order, where they meet, and the width of the pen in shares of the page."""

    parts: tuple[Part, ...]
    joints: tuple[Joint, ...]
    pen: float


def anatomy_of(drawing: Drawing) -> Anatomy:
    """Cut the strokes of a drawing at their corners, and find where the parts meet."""
    page = max(drawing.width, drawing.height)
    pen = float(np.median([stroke.width for stroke in drawing.strokes])) / page
    parts = tuple(part for stroke in drawing.strokes for part in _parts(stroke, page))
    return Anatomy(parts, joints_of(parts, pen), pen)


def joints_of(parts: tuple[Part, ...], pen: float) -> tuple[Joint, ...]:
    """All places at which two parts meet; one that follows another meets it by its start at its end."""
    found = []
    for j, other in enumerate(parts):
        for i, one in enumerate(parts[:j]):
            follows = other.follows and i == j - 1
            if follows:
                found.append(Joint(i, j, 1.0, 0.0))
            for at, to in contacts(one.line, other.line, pen):
                if not (follows and at > 0.7 and to < 0.3):
                    found.append(Joint(i, j, at, to))
    return tuple(found)


def drawing_from(one: Anatomy, width: int, height: int) -> Drawing:
    """The character on a page of so many pixels, by one pen, which draws on where a part begins as another ends."""
    after: dict[int, int] = {}
    for joint in one.joints:
        for i, at, j, to in (
            (joint.one, joint.at, joint.other, joint.to),
            (joint.other, joint.to, joint.one, joint.at),
        ):
            goes_on = (at, to) == (1.0, 0.0) and min(len(one.parts[i].line), len(one.parts[j].line)) > 1
            if goes_on and i not in after and j not in after.values() and i not in _chain(j, after):
                after[i] = j
    firsts = [i for i in range(len(one.parts)) if i not in after.values()]
    strokes = [_joined([one.parts[i] for i in _chain(first, after)], one.pen, max(width, height)) for first in firsts]
    return Drawing(width, height, tuple(strokes))


def _chain(first: int, after: dict[int, int]) -> list[int]:
    chain = [first]
    while chain[-1] in after:
        chain.append(after[chain[-1]])
    return chain


def _joined(parts: Sequence[Part], pen: float, page: int) -> Stroke:
    """One stroke of parts, each of which begins where the one before it ends; a dot is as wide as it was."""
    points = np.concatenate([parts[0].points, *(part.points[1:] for part in parts[1:])]) * page
    pieces, closed = sum(part.pieces for part in parts), len(parts) == 1 and parts[0].closed
    return Stroke(points, page * (pen if len(points) > 1 else parts[0].width), pieces=pieces, closed=closed)


def moved(part: Part, matrix: Array, shift: Array) -> Part:
    """The part under an affine map; its pen stays as wide."""
    points, line = part.points @ matrix.T + shift, part.line @ matrix.T + shift
    if part.closed:
        points[-1] = points[0]
    return part._replace(points=points, line=line, length=_length(line))


def _length(line: Array) -> float:
    steps = line[1:] - line[:-1]
    return float(np.sqrt(np.einsum("nk,nk->n", steps, steps)).sum())


def contacts(one: Array, other: Array, pen: float) -> list[tuple[float, float]]:
    """Where two lines [n, 2] and [m, 2] meet, as shares of their lengths: once for each stretch where they are near."""
    apart = cdist(one, other)
    groups, count = label(apart <= REACH * pen, np.ones((3, 3)))  # pyright: ignore[reportGeneralTypeIssues]
    found = []
    for k in range(1, count + 1):
        rows, columns = np.nonzero(groups == k)
        best = int(apart[rows, columns].argmin())
        places = int(rows[best]), int(columns[best])
        found.append((_snapped(one, rows, places[0], pen), _snapped(other, columns, places[1], pen)))
    return found


def _snapped(line: Array, near: NDArray[np.intp], best: int, pen: float) -> float:
    """The share of a line at which it meets another: its start or end, if one of those is about there."""
    last = len(line) - 1
    if last == 0:
        return 0.0
    reach = TIP * pen / max(float(np.hypot(*(line[1] - line[0]))), 1e-9)
    if near.min() == 0 and best <= reach:
        return 0.0
    if near.max() == last and best >= last - reach:
        return 1.0
    return float(best / last)


def _parts(stroke: Stroke, page: int) -> list[Part]:
    """The parts of a stroke in units of the page."""
    points, width = stroke.points / page, stroke.width / page
    if stroke.degree == 0:
        return [Part(points, points, 0.0, 1, width)]
    corners, bends = _corners(stroke), _bends(stroke)
    cuts = [0, *sorted({*corners, *bends}), stroke.pieces]
    parts = []
    for begin, end in pairwise(cuts):
        controls = points[stroke.degree * begin : stroke.degree * end + 1]
        line = Stroke(controls, width, pieces=end - begin).even(STEP)
        closed, smooth = stroke.closed and len(cuts) == 2, begin in bends and begin not in corners
        parts.append(Part(controls, line, _length(line), end - begin, width, closed, begin > 0, smooth))
    return parts


def _corners(stroke: Stroke) -> list[int]:
    """The pieces, but the first, before which the pen turns."""
    controls = stroke.controls
    arrive = np.array([_way(piece[::-1]) for piece in controls[:-1]]).reshape(-1, 2)
    leave = np.array([_way(piece) for piece in controls[1:]]).reshape(-1, 2)
    turned = -(arrive * leave).sum(1) < np.cos(np.radians(TURN))
    return (1 + np.flatnonzero(turned)).tolist()


def _bends(stroke: Stroke) -> list[int]:
    """The pieces before which a long bend to one side turns into a long one to the other."""
    turns = np.array([_turning(piece) for piece in stroke.controls])
    runs: list[list[float]] = []  # first piece and degrees
    for i, turn in enumerate(turns.tolist()):
        if runs and (abs(turn) < FAINT or turn * runs[-1][1] > 0):
            runs[-1][1] += turn
        else:
            runs.append([i, turn])
    return [int(after[0]) for before, after in pairwise(runs) if min(abs(before[1]), abs(after[1])) >= BEND]


def _turning(controls: Array) -> float:
    """Degrees by which a Bezier piece turns, to the right where y points down."""
    steps = np.diff(controls, axis=0)
    steps = steps[np.hypot(*steps.T) > 1e-6]
    angles = np.arctan2(steps[:, 1], steps[:, 0])
    return float(np.degrees(((np.diff(angles) + np.pi) % (2 * np.pi) - np.pi).sum()))


def _way(points: Array) -> Array:
    """Unit vector [2] from the first control point to the next that lies elsewhere."""
    steps = points[1:] - points[0]
    lengths = np.hypot(*steps.T)
    first = int((lengths > 1e-6).argmax())
    return steps[first] / max(float(lengths[first]), 1e-9)
