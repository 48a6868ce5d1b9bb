"""How far found strokes are those of a person: where they lie, which ink they share, in which order and direction."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.data.pensets import Drawn
from dood.errors import DoodError
from dood.evaluation.pen_junctions import junctions_right
from dood.evaluation.pen_pictures import Look, ink_of, picture_of_paths

__all__ = ["Found", "Scores", "even", "score"]

Line = NDArray[np.float64]

STEP = 1.0
"""Pixels of the canvas between the points that lines are compared at."""

NEAR = 1.5
"""Pixels, if the canvas's longer side were 256, within which a point is found."""

UNIT = 256
STEPS = 256
"""Points of each drawing that time is warped over."""


class Found(NamedTuple):
    """Strokes that a program found: polylines [n, 2] in the picture's pixels, in order, and the pen's width on each."""

    lines: Sequence[Line]
    widths: Sequence[float]


class Scores(NamedTuple):
    """Figures of one drawing. NaN is what cannot be said of it, and does not count.

    Attributes:
        f1: of points of both drawings' lines, found within 1.5 pixels if the canvas's longer side were 256.
        iou: of the ink of the picture and that of the found lines with their own widths, at half grey.
        count: found strokes over the person's.
        ari: adjusted Rand index between the person's strokes and the found ones that lie nearest, over points of the
            pen: 1 is the same grouping, 0 chance.
        tau: Kendall's, between the order of the person's strokes and that in which the found pen came past them, 0
            being chance; NaN for one stroke.
        direction: share of the person's ink that is found and drawn in the person's direction; 0.5 is chance.
        ldtw: dynamic time warping between the pen's two ways, per step, in pixels if the longer side were 64.
        junctions: share of the places where lines meet that the found strokes pass as the person's do.
        width_error: of the found pens, relative to the person's; mean over the found lines.
        chamfer: mean distance between the lines, both ways averaged, in pixels if the longer side were 256.
        count_within_1: whether there are as many strokes as the person's, or one more or less.
    """

    f1: float
    iou: float
    count: float
    ari: float
    tau: float
    direction: float
    ldtw: float
    junctions: float
    width_error: float
    chamfer: float
    count_within_1: float


def score(found: Found, drawn: Drawn, look: Look | None = None) -> Scores:
    """Compare found strokes with a person's.

    Arguments:
        found: in pixels of the picture that `look` made of the drawing.

    Raises:
        DoodError: scikit-learn is not installed.
    """
    look = look or Look()
    lines = [np.asarray(line, float) / look.scale for line in found.lines if len(line)]
    widths = [float(width) / look.scale for line, width in zip(found.lines, found.widths, strict=True) if len(line)]
    right = junctions_right(lines, drawn, look.pen)
    close = float(abs(len(lines) - len(drawn.strokes)) <= 1)
    if not lines:
        nan = float("nan")
        tau = nan if len(drawn.strokes) < 2 else 0.0
        return Scores(0.0, 0.0, 0.0, 0.0, tau, 0.0, nan, right, nan, nan, close)
    near = _Near([even(line) for line in drawn.strokes], [even(line) for line in lines], max(drawn.size) / UNIT)
    return Scores(
        f1=near.f1(),
        iou=_iou(lines, widths, drawn, look),
        count=len(lines) / len(drawn.strokes),
        ari=near.ari(),
        tau=near.tau(),
        direction=near.direction(),
        ldtw=_warped(np.concatenate(near.true), np.concatenate(near.mine)) / near.unit / 4,
        junctions=right,
        width_error=_width_error(near.mine, widths, drawn, look),
        chamfer=float(near.back.mean() + near.forth.mean()) / 2 / near.unit,
        count_within_1=close,
    )


def even(line: Line, step: float = STEP) -> Line:
    """The same polyline with points at equal distances of about `step`, both ends included; a dot is one point."""
    along = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    if along[-1] == 0:
        return line[:1]
    places = np.linspace(0, along[-1], max(2, int(along[-1] / step) + 1))
    return np.stack([np.interp(places, along, line[:, axis]) for axis in (0, 1)], 1)


class _Near:
    """Points of a person's lines and of those found, and which of the other lie nearest."""

    def __init__(self, true: list[Line], mine: list[Line], unit: float) -> None:
        self.true, self.mine, self.unit = true, mine, unit
        (pen, self.whose), (points, self.which) = (_numbered(lines) for lines in (true, mine))
        self.back = np.asarray(KDTree(pen).query(points)[0])
        forth, nearest = KDTree(points).query(pen)
        self.forth, self.nearest = np.asarray(forth), np.asarray(nearest)

    def f1(self) -> float:
        precision, recall = (float((gaps < NEAR * self.unit).mean()) for gaps in (self.back, self.forth))
        return 2 * precision * recall / max(precision + recall, 1e-9)

    def ari(self) -> float:
        try:
            from sklearn.metrics import adjusted_rand_score
        except ImportError as error:
            raise DoodError("the pen benchmark needs scikit-learn: pip install 'dood[eval]'") from error
        return float(adjusted_rand_score(self.whose, self.which[self.nearest]))

    def tau(self) -> float:
        if len(self.true) < 2:
            return float("nan")
        # When the found pen came past the stroke.
        when = np.array([np.median(self.nearest[self.whose == stroke]) for stroke in range(len(self.true))])
        i, j = np.triu_indices(len(when), 1)
        return float(np.sign(when[j] - when[i]).mean())

    def direction(self) -> float:
        ways = (_ways(self.true) * _ways(self.mine)[self.nearest]).sum(1)
        ways = ways[(self.forth < NEAR * self.unit) & (ways != 0)]
        return float((ways > 0).mean()) if len(ways) else 0.0


def _numbered(lines: list[Line]) -> tuple[Line, NDArray[np.intp]]:
    """All points, and which line each is of."""
    return np.concatenate(lines), np.repeat(np.arange(len(lines)), [len(line) for line in lines])


def _ways(lines: list[Line]) -> Line:
    return np.concatenate([np.gradient(line, axis=0) if len(line) > 1 else np.zeros((1, 2)) for line in lines])


def _iou(lines: list[Line], widths: list[float], drawn: Drawn, look: Look) -> float:
    shown = drawn if look.of_its_own(drawn) else drawn._replace(image=None)
    inked = picture_of_paths(shown, Look(pen=look.pen)) < 128
    mine = ink_of(lines, widths, drawn.size) > 0.5
    return float((inked & mine).sum() / max((inked | mine).sum(), 1))


def _width_error(mine: list[Line], widths: list[float], drawn: Drawn, look: Look) -> float:
    if look.of_its_own(drawn):  # by a pen that nobody measured
        return float("nan")
    pen = drawn.width * look.pen
    return float(np.average(np.abs(np.array(widths) - pen) / pen, weights=[len(line) for line in mine]))


def _warped(one: Line, other: Line) -> float:
    """Cost per step of the best alignment of two ways, each at 256 of its points; the table's diagonals in turn."""
    a, b = (line[np.linspace(0, len(line) - 1, STEPS).round().astype(int)] for line in (one, other))
    cost = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    total, steps = np.full((STEPS + 1, STEPS + 1), np.inf), np.zeros((STEPS + 1, STEPS + 1))
    total[0, 0] = 0
    for diagonal in range(2, 2 * STEPS + 1):
        i = np.arange(max(1, diagonal - STEPS), min(STEPS, diagonal - 1) + 1)
        j = diagonal - i
        before = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
        best = np.argmin([total[place] for place in before], axis=0)
        total[i, j] = cost[i - 1, j - 1] + np.choose(best, [total[place] for place in before])
        steps[i, j] = 1 + np.choose(best, [steps[place] for place in before])
    return float(total[-1, -1] / steps[-1, -1])
