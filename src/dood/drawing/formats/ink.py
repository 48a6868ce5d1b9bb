"""Strokes to pixels: antialiased ink of curves with a pen of varying width."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.drawing import Drawing, Stroke

__all__ = ["Layers", "Trace", "blank", "chords_each", "fitting_scale", "paint", "trace"]

FLATNESS = 0.05
"""Output pixels that the chords may lie off the curve."""

LONGEST_CHORD = 24
"""Output pixels, or the pen's width if that is more: a chord is painted in its bounding box, which long ones waste."""

MAX_CHORDS = 8192
MIN_CHORDS = 16
"""Of a stroke; of those of a drawing with very many, MIN_CHORDS or its share of ALL_CHORDS, if that is more."""

ALL_CHORDS = 2**20
CHORDS_AT_ONCE = 2**18

MAX_PIXELS = 2**26
"""Pixels to paint for a stroke. Pens for which they would not do, as wide as the picture, get fewer chords."""

LEAST_RADIUS = 0.25
"""Output pixels, by default. Thinner pens are drawn this thin, in half grey, so that no stroke vanishes."""


class Trace(NamedTuple):
    """A flattened stroke in output pixels: points [n, 2] and the pen's radius [n] there; n is at least 2."""

    points: NDArray[np.float64]
    radii: NDArray[np.float64]


PIXELS_AT_ONCE = 2**19
"""Pixels of the boxes that are painted together: as many as fit the cache."""

MAX_COLOURS = 16
"""Layers of ink. A drawing of more colours than that has the last layer for all further ones."""


class Layers:
    """Ink of a drawing times `scale`, a layer for each colour of its pens."""

    def __init__(self, drawing: Drawing, scale: float) -> None:
        colours = list(dict.fromkeys(stroke.colour for stroke in drawing.strokes))
        self.inks = {colour: blank(drawing, scale) for colour in colours[:MAX_COLOURS] or [None]}
        self.last = list(self.inks)[-1]

    def paint(self, strokes: Iterable[Stroke], traces: Iterable[Trace]) -> None:
        """Add traces of strokes, each to the layer of its colour; so many at once that memory stays bounded."""
        waiting: dict[str | None, list[Trace]] = {}
        count = 0
        for stroke, trace in zip(strokes, traces, strict=True):
            waiting.setdefault(stroke.colour if stroke.colour in self.inks else self.last, []).append(trace)
            count += len(trace.points)
            if count > CHORDS_AT_ONCE:
                self._paint(waiting)
                waiting, count = {}, 0
        self._paint(waiting)

    def _paint(self, waiting: dict[str | None, list[Trace]]) -> None:
        for colour, traces in waiting.items():
            paint(self.inks[colour], traces)

    @property
    def grey(self) -> bool:
        """Whether no pen has a colour."""
        return list(self.inks) == [None]

    def rgb(self, ink: tuple[int, int, int], paper: tuple[int, int, int]) -> NDArray[np.uint8]:
        """[h, w, 3], the layers on paper, one over the other as inks are; `ink` is of pens without a colour."""
        shown = None
        for colour, layer in self.inks.items():
            pen = ink if colour is None else tuple(bytes.fromhex(colour[1:]))
            page = np.array(paper, np.float32) if shown is None else shown
            shown = page + layer[..., None] * (np.minimum(np.array(pen, np.float32), page) - page)
        assert shown is not None
        return np.rint(shown).astype(np.uint8)


def fitting_scale(drawing: Drawing, longest: int) -> float:
    """The scale at which the drawing's long side has `longest` pixels."""
    return longest / max(drawing.width, drawing.height)


def blank(drawing: Drawing, scale: float) -> NDArray[np.float32]:
    """No ink, float32 [h, w], for the drawing times `scale`; at least one pixel."""
    height, width = (max(1, round(side * scale)) for side in (drawing.height, drawing.width))
    return np.zeros((height, width), np.float32)


def chords_each(drawing: Drawing) -> int:
    """Most chords of a stroke of the drawing."""
    return min(MAX_CHORDS, max(MIN_CHORDS, ALL_CHORDS // max(1, len(drawing.strokes))))


def trace(stroke: Stroke, scale: float, least: float = LEAST_RADIUS, most: int = MAX_CHORDS) -> Trace:
    """Flatten a stroke that is scaled by `scale`, with a pen of a radius of at least `least`, into `most` chords or a
    chord a piece."""
    u = stroke.pieces * _chords(stroke, scale, most) + 1
    radii = stroke.width_at(u) * (scale / 2)
    return Trace(stroke.curve(u) * scale, np.maximum(radii, least))


def paint(ink: NDArray[np.float32], traces: Iterable[Trace]) -> None:
    """Add traces to ink [h, w] in [0, 1], in place; where there is ink already, the darker counts.

    Chords of about the same box are painted together, so that thousands of strokes cost what their pixels do.
    """
    chords = _Chords.of(list(traces))
    low, high = chords.boxes(ink)
    sides = np.maximum(high - low, 0)
    classes = np.ceil(np.log2(np.maximum(sides, 1))).astype(int)
    there = np.flatnonzero((sides > 0).all(1))
    for group in np.unique(classes[there], axis=0):
        chosen = there[(classes[there] == group).all(1)]
        at_once = max(1, PIXELS_AT_ONCE >> int(group.sum()))
        for start in range(0, len(chosen), at_once):
            some = chosen[start : start + at_once]
            _paint_boxes(ink, chords.take(some), low[some], sides[some].max(0))


def _chords(stroke: Stroke, scale: float, most: int) -> int:
    """Chords of equal parameter for each piece: within FLATNESS (Wang's bound by second differences), LONGEST_CHORD."""
    bends = []
    for control in (stroke.controls, stroke.width_controls[..., None] / 2):
        degree = control.shape[1] - 1
        second = np.hypot.reduce(np.diff(control, 2, axis=1), axis=2).max(initial=0)
        bends.append(math.sqrt(degree * (degree - 1) * second * scale / (8 * FLATNESS)))
    box = max(LONGEST_CHORD, float(stroke.widths.max()) * scale)
    longest = float(np.hypot(*np.diff(stroke.points, axis=0).T).max(initial=0)) * scale
    most = min(most, max(MIN_CHORDS, int(MAX_PIXELS / (2 * box) ** 2)))
    most = max(1, most // stroke.pieces)
    return min(math.ceil(max(1.0, *bends, stroke.degree * longest / box)), most)


class _Chords(NamedTuple):
    """Straight parts of traces: starts [n, 2], steps to their ends [n, 2], and radii [n] at both."""

    starts: NDArray[np.float64]
    steps: NDArray[np.float64]
    radii: NDArray[np.float64]
    end_radii: NDArray[np.float64]

    @classmethod
    def of(cls, traces: list[Trace]) -> "_Chords":
        if not traces:
            return cls(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros(0))
        columns = [
            (trace.points[:-1], np.diff(trace.points, axis=0), trace.radii[:-1], trace.radii[1:]) for trace in traces
        ]
        return cls(*(np.concatenate(column) for column in zip(*columns, strict=True)))

    def take(self, chosen: NDArray[np.intp]) -> "_Chords":
        return _Chords(*(values[chosen] for values in self))

    def boxes(self, ink: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """First and last pixel (x, y) [n, 2] that each reaches, the last one excluded."""
        reach = np.maximum(self.radii, self.end_radii)[:, None] + 1
        ends = self.starts + self.steps
        low = np.maximum(np.floor(np.minimum(self.starts, ends) - reach), 0)
        high = np.minimum(np.ceil(np.maximum(self.starts, ends) + reach), ink.shape[::-1])
        return np.minimum(low, high).astype(int), high.astype(int)


def _paint_boxes(ink: NDArray[np.float32], chords: _Chords, low: NDArray[np.intp], side: NDArray[np.intp]) -> None:
    """Paint chords in boxes of the same `side` (width, height) from `low` [n, 2]."""
    columns, rows = (np.minimum(low[:, axis, None] + np.arange(side[axis]), ink.shape[1 - axis] - 1) for axis in (0, 1))
    x = (columns + 0.5 - chords.starts[:, :1]).astype(np.float32)[:, None]
    y = (rows + 0.5 - chords.starts[:, 1:]).astype(np.float32)[..., None]
    coverage = _coverage(x, y, chords)
    if len(low) == 1:
        box = ink[rows[0, 0] : rows[0, -1] + 1, columns[0, 0] : columns[0, -1] + 1]
        np.maximum(box, coverage[0, : box.shape[0], : box.shape[1]], out=box)
    else:
        np.maximum.at(ink.reshape(-1), rows[..., None] * ink.shape[1] + columns[:, None], coverage)


def _coverage(x: NDArray[np.float32], y: NDArray[np.float32], chords: _Chords) -> NDArray[np.float32]:
    """Coverage [n, h, w] of pixels by a disc that moves along its chord and grows evenly; x, y are from its start.

    Across a line, coverage is the overlap of the pen with a pixel-wide window: it adds up to the pen's width. Pens
    thinner than a pixel have the profile of a pixel's width, but lighter.
    """
    dx, dy = (chords.steps[:, axis, None, None].astype(np.float32) for axis in (0, 1))
    square = np.maximum(dx * dx + dy * dy, np.float32(1e-30))
    share = np.clip((x * dx + y * dy) / square, 0, 1)
    radius, end_radius = (values[:, None, None].astype(np.float32) for values in (chords.radii, chords.end_radii))
    pen = radius + share * (end_radius - radius)
    distance = np.hypot(x - share * dx, y - share * dy)
    return np.clip(np.maximum(pen, 0.5) + np.float32(0.5) - distance, 0, 1) * np.minimum(2 * pen, 1)
