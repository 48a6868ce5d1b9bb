"""Tracing anew around what a person mended: strokes that stay, and strokes that stay away."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from dood.drawing import Drawing, Stroke

__all__ = ["around"]

REACH = 0.6
"""Two centre lines of the same ink are apart by at most this share of the wider pen, or by LEAST pixels."""

LEAST = 2.0
PARALLEL = 0.7
"""Cosine of the angle between lines that may be of the same ink; others cross."""

BRIEF = 2.0
"""Pen widths: shorter parts are as the parts around them are."""

SAMPLES = 2048


def around(found: Drawing, kept: Sequence[Stroke], gone: Sequence[Stroke]) -> tuple[Drawing, list[int]]:
    """What was found, with `kept` in place of what follows their lines, and without what follows the lines of `gone`.

    Returns:
        The drawing, whose shares of missed and invented ink are those of `found`, and where in it the kept ones are.
        Those stay in their order, each not before what was found in its place.
    """
    if not kept and not gone:
        return found, []
    mended = _Mended([_Line.of(stroke) for stroke in (*kept, *gone)])
    rows: list[tuple[float, int, Stroke]] = []
    places: list[list[float]] = [[] for _ in mended.lines]
    for i, stroke in enumerate(found.strokes):
        over, owners = mended.over(_Line.of(stroke))
        for owner in np.unique(owners[over]):
            places[owner].append(i + np.flatnonzero(over & (owners == owner)).mean() / len(over))
        rows += [(i + at, -1, part) for at, part in _rest(stroke, over)]
    key = -1.0
    for number, stroke in enumerate(kept):
        key = max(key, float(np.mean(places[number] or [key])))
        rows.append((key, number, stroke))
    rows.sort(key=lambda row: row[0])
    strokes = tuple(stroke for *_, stroke in rows)
    where = [at for at, (_, number, _) in enumerate(rows) if number >= 0]
    return Drawing(found.width, found.height, strokes, found.missed, found.spurious, found.notes), where


class _Line:
    """Samples of a stroke at even parameters: points [n, 2], unit directions [n, 2], lengths so far [n]."""

    def __init__(self, points: NDArray[np.float64], width: float) -> None:
        steps = np.gradient(points, axis=0) if len(points) > 1 else np.zeros((1, 2))
        long = np.hypot(steps[:, 0], steps[:, 1])
        self.points, self.width = points, width
        self.ways = steps / np.maximum(long, 1e-12)[:, None]
        self.lengths = np.append(0.0, np.hypot(*np.diff(points, axis=0).T).cumsum())

    @classmethod
    def of(cls, stroke: Stroke) -> "_Line":
        if not stroke.degree:
            return cls(stroke.points[:1], stroke.width)
        count = int(np.clip(np.ceil(2 * stroke.length), 16, SAMPLES))
        return cls(stroke.curve(count), stroke.width)

    @property
    def is_dot(self) -> bool:
        return len(self.points) == 1


class _Mended:
    """Lines, and which of them another line follows."""

    def __init__(self, lines: list[_Line]) -> None:
        counts = [len(line.points) for line in lines]
        self.lines = lines
        self._ways = np.concatenate([line.ways for line in lines])
        self._widths = np.repeat([line.width for line in lines], counts)
        self._owners = np.repeat(np.arange(len(lines)), counts)
        self._tree = KDTree(np.concatenate([line.points for line in lines]))

    def over(self, line: _Line) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Whether each sample [n] of a line follows one of these, and which of these is nearest to it [n]."""
        away, nearest = self._tree.query(line.points)
        near = away <= np.maximum(LEAST, REACH * np.maximum(self._widths[nearest], line.width))
        along = np.abs((line.ways * self._ways[nearest]).sum(1)) >= PARALLEL
        return _smoothed(near & (along | line.is_dot), line), self._owners[nearest]


def _smoothed(over: NDArray[np.bool_], line: _Line) -> NDArray[np.bool_]:
    """Without brief gaps, and then without brief covers, which are of lines that cross."""
    over = over.copy()
    for value in (False, True):
        for start, end in _runs(over == value):
            if end - start < len(over) and line.lengths[end - 1] - line.lengths[start] < BRIEF * line.width:
                over[start:end] = not value
    return over


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _rest(stroke: Stroke, over: NDArray[np.bool_]) -> list[tuple[float, Stroke]]:
    """The parts of a stroke that are not covered, and where along it their middles are; itself if nothing of it is."""
    if not over.any():
        return [(0.5, stroke)]
    last = max(1, len(over) - 1)
    ends = [(start / last, (end - 1) / last) for start, end in _runs(~over) if end - start > 1]
    return [((start + end) / 2, _part(stroke, start, end)) for start, end in ends]


def _part(stroke: Stroke, start: float, end: float) -> Stroke:
    """The stroke between two parameters, of which every piece has an equal share."""
    low, high = start * stroke.pieces, end * stroke.pieces
    first, last = int(low), max(int(low), int(np.ceil(high)) - 1)
    spans = [(max(low - i, 0.0), min(high - i, 1.0)) for i in range(first, last + 1)]
    points = _between(stroke.controls[first : last + 1], spans)
    constant = len(stroke.widths) == 1
    widths = stroke.widths if constant else _between(stroke.width_controls[first : last + 1, :, None], spans)[:, 0]
    return Stroke(points, widths, pieces=len(spans), colour=stroke.colour)


def _between(controls: NDArray[np.float64], spans: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Control points, end to end, of pieces [p, k, d] each between two of its parameters."""
    ends = zip(controls, spans, strict=True)
    parts = [_before(_before(piece, high)[::-1], 1 - low / high)[::-1] for piece, (low, high) in ends]
    return np.concatenate([parts[0][:1], *(part[1:] for part in parts)])


def _before(controls: NDArray[np.float64], u: float) -> NDArray[np.float64]:
    """The piece up to a parameter, by de Casteljau's algorithm."""
    left, level = [controls[0]], controls
    while len(level) > 1:
        level = level[:-1] + u * (level[1:] - level[:-1])
        left.append(level[0])
    return np.array(left)
