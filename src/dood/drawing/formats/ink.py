"""Strokes to pixels: antialiased ink of curves with a pen of varying width."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dood.drawing import Drawing, Stroke

__all__ = ["Layers", "Trace", "blank", "fitting_scale", "paint", "trace"]

FLATNESS = 0.05
"""Output pixels that the chords may lie off the curve."""

LONGEST_CHORD = 24
"""Output pixels, or the pen's width if that is more: a chord is painted in its bounding box, which long ones waste."""

MAX_CHORDS = 8192
MIN_CHORDS = 16

MAX_PIXELS = 2**26
"""Pixels to paint for a stroke. Pens for which they would not do, as wide as the picture, get fewer chords."""

LEAST_RADIUS = 0.25
"""Output pixels, by default. Thinner pens are drawn this thin, in half grey, so that no stroke vanishes."""


class Trace(NamedTuple):
    """A flattened stroke in output pixels: points [n, 2] and the pen's radius [n] there; n is at least 2."""

    points: NDArray[np.float64]
    radii: NDArray[np.float64]


MAX_COLOURS = 16
"""Layers of ink. A drawing of more colours than that has the last layer for all further ones."""


class Layers:
    """Ink of a drawing times `scale`, a layer for each colour of its pens."""

    def __init__(self, drawing: Drawing, scale: float) -> None:
        colours = list(dict.fromkeys(stroke.colour for stroke in drawing.strokes))
        self.inks = {colour: blank(drawing, scale) for colour in colours[:MAX_COLOURS] or [None]}
        self.last = list(self.inks)[-1]

    def of(self, stroke: Stroke) -> NDArray[np.float32]:
        """The layer that the stroke is painted on."""
        return self.inks[stroke.colour if stroke.colour in self.inks else self.last]

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


def trace(stroke: Stroke, scale: float, least: float = LEAST_RADIUS) -> Trace:
    """Flatten a stroke that is scaled by `scale`, with a pen of a radius of at least `least`."""
    u = stroke.pieces * _chords(stroke, scale) + 1
    radii = stroke.width_at(u) * (scale / 2)
    return Trace(stroke.curve(u) * scale, np.maximum(radii, least))


def paint(ink: NDArray[np.float32], trace: Trace) -> None:
    """Add a trace to ink [h, w] in [0, 1], in place; where there is ink already, the darker counts."""
    for i in range(len(trace.points) - 1):
        _paint_chord(ink, trace.points[i], trace.points[i + 1], trace.radii[i], trace.radii[i + 1])


def _chords(stroke: Stroke, scale: float) -> int:
    """Chords of equal parameter for each piece: within FLATNESS (Wang's bound by second differences), LONGEST_CHORD."""
    bends = []
    for control in (stroke.controls, stroke.width_controls[..., None] / 2):
        degree = control.shape[1] - 1
        second = np.hypot.reduce(np.diff(control, 2, axis=1), axis=2).max(initial=0)
        bends.append(math.sqrt(degree * (degree - 1) * second * scale / (8 * FLATNESS)))
    box = max(LONGEST_CHORD, float(stroke.widths.max()) * scale)
    longest = float(np.hypot(*np.diff(stroke.points, axis=0).T).max(initial=0)) * scale
    most = min(MAX_CHORDS, max(MIN_CHORDS, int(MAX_PIXELS / (2 * box) ** 2)))
    most = max(1, most // stroke.pieces)
    return min(math.ceil(max(1.0, *bends, stroke.degree * longest / box)), most)


def _paint_chord(ink: NDArray[np.float32], start: NDArray, end: NDArray, radius: float, end_radius: float) -> None:
    """Coverage of the pixels near a chord by a disc that moves along it and grows evenly.

    Across a line, coverage is the overlap of the pen with a pixel-wide window: it adds up to the pen's width. Pens
    thinner than a pixel have the profile of a pixel's width, but lighter.
    """
    reach = max(radius, end_radius) + 1
    low = np.maximum(np.floor(np.minimum(start, end) - reach), 0)
    high = np.minimum(np.ceil(np.maximum(start, end) + reach), ink.shape[::-1])
    if (low >= high).any():
        return
    (left, top), (right, bottom) = low.astype(int).tolist(), high.astype(int).tolist()
    x = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - start[0])
    y = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - start[1]))[:, None]
    dx, dy = (end - start).astype(np.float32)
    square = dx * dx + dy * dy
    share = np.clip((x * dx + y * dy) / square, 0, 1) if square > 0 else np.zeros((1, 1), np.float32)
    pen = np.float32(radius) + share * np.float32(end_radius - radius)
    distance = np.hypot(x - share * dx, y - share * dy)
    coverage = np.clip(np.maximum(pen, 0.5) + np.float32(0.5) - distance, 0, 1) * np.minimum(2 * pen, 1)
    box = ink[top:bottom, left:right]
    np.maximum(box, coverage, out=box)
