"""Stroke and Drawing: the symbolic result. Needs numpy; each file format loads what it needs when it is used."""

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError

if TYPE_CHECKING:
    import PIL.Image

__all__ = ["MAX_CONTROLS", "MAX_COORDINATE", "MAX_SIZE", "Drawing", "Stroke", "bernstein"]

MAX_CONTROLS = 256
"""Most control points or control widths of a stroke."""

MAX_COORDINATE = 10_000_000
"""Control points lie within this many pixels of the origin along each axis."""

MAX_SIZE = 1_000_000
"""Pixels: the longest side of a drawing, and the widest pen."""

LENGTH_SAMPLES = 1025
MAX_SAMPLES = 16_384


@dataclass(frozen=True, eq=False)
class Stroke:
    """One path of the pen, a Bezier curve of any degree.

    The frame is the user's picture in pixels: x right, y down, centre of pixel (column j, row i) at (j + 0.5, i + 0.5).
    Both are given as arrays or lists, copied, and read-only. Strokes are equal if their values are.

    Attributes:
        points: float64 [p, 2], control points, in drawing direction. One point is a dot.
        widths: float64 [k], control values of the pen's full width in pixels at half ink, a Bezier function of the same
            parameter as the curve; one value, which may be given as a plain number, is a constant pen.

    Raises:
        DoodError: a shape does not fit, or a value is not finite, out of range or (widths) not positive.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]

    def __init__(self, points: Any, widths: Any) -> None:
        object.__setattr__(self, "points", _checked_points(points))
        object.__setattr__(self, "widths", _checked_widths(widths))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stroke):
            return NotImplemented
        return np.array_equal(self.points, other.points) and np.array_equal(self.widths, other.widths)

    def __hash__(self) -> int:
        # Adding zero makes -0.0, which equals 0.0, the same bytes.
        return hash((self.points.shape, (self.points + 0.0).tobytes(), self.widths.tobytes()))

    @property
    def degree(self) -> int:
        return len(self.points) - 1

    @property
    def width(self) -> float:
        """Mean width of the pen over the curve's parameter, in pixels."""
        return float(np.mean(self.widths))

    @cached_property
    def length(self) -> float:
        """Length of the curve in pixels, by 1024 chords."""
        return float(np.hypot(*np.diff(self.curve(LENGTH_SAMPLES), axis=0).T).sum())

    def curve(self, n: int) -> NDArray[np.float64]:
        """[n, 2], the curve at n evenly spaced parameters, ends included; n of 1 is the start."""
        return self.at(np.linspace(0, 1, n))

    def width_at(self, n: int) -> NDArray[np.float64]:
        """[n], the pen's width at the samples of `curve`."""
        return bernstein(len(self.widths), np.linspace(0, 1, n)) @ self.widths

    def at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """[n, 2], the curve at parameters u [n] in [0, 1]."""
        return bernstein(len(self.points), u) @ self.points

    def even(self, step: float) -> NDArray[np.float64]:
        """[n, 2], samples at equal distances along the curve of at most about `step` pixels, ends included.

        A stroke of no length gives one sample, and none more than 16,384.
        """
        polygon = float(np.hypot(*np.diff(self.points, axis=0).T).sum())
        if polygon == 0:
            return self.points[:1].copy()
        dense = np.linspace(0, 1, int(min(max(64, math.ceil(8 * polygon / step)), 2 * MAX_SAMPLES)))
        along = np.concatenate([[0.0], np.hypot(*np.diff(self.at(dense), axis=0).T).cumsum()])
        count = int(min(max(2, math.ceil(along[-1] / step) + 1), MAX_SAMPLES))
        return self.at(np.interp(np.linspace(0, along[-1], count), along, dense))


@dataclass(frozen=True)
class Drawing:
    """The strokes that draw a picture, in drawing order.

    Attributes:
        width: of the picture, in its pixels.
        height: of the picture, in its pixels.
        strokes: in drawing order; none is an empty drawing. They may reach beyond the picture.

    Raises:
        DoodError: a size is no whole number from 1 to 1,000,000, or something else than a Stroke is among the strokes.
    """

    width: int
    height: int
    strokes: tuple[Stroke, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", _checked_size("width", self.width))
        object.__setattr__(self, "height", _checked_size("height", self.height))
        object.__setattr__(self, "strokes", _checked_strokes(self.strokes))

    def to_svg(self, *, animated: bool = False) -> str:
        """SVG with one path per stroke, in order; `animated` shows them being drawn. See `dood.drawing.formats.svg`."""
        from dood.drawing.formats import svg

        return svg.to_animated_svg(self) if animated else svg.to_svg(self)

    def to_json(self) -> str:
        """JSON from which `from_json` makes an equal drawing; docs/drawing-format.md describes it."""
        from dood.drawing.formats.json_format import to_json

        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> "Drawing":
        """Read the text of `to_json`.

        Raises:
            DoodError: it is no such text; the message names the place.
        """
        from dood.drawing.formats.json_format import from_json

        return from_json(text)

    def to_png(self, scale: float = 1.0, *, ink: str = "black", paper: str = "white") -> "PIL.Image.Image":
        """An antialiased RGB image of the picture's size times `scale`. See `dood.drawing.formats.png.to_png`."""
        from dood.drawing.formats.png import to_png

        return to_png(self, scale, ink=ink, paper=paper)

    def save(self, path: str | Path) -> Path:
        """Write the format that the path's ending says: .svg, .animated.svg, .json, .npz, .gif or .png.

        Raises:
            DoodError: the ending is of none of them, or the file cannot be written.
        """
        from dood.drawing.formats import save_drawing

        return save_drawing(self, path)

    @classmethod
    def load(cls, path: str | Path) -> "Drawing":
        """Read a JSON file that `save` wrote.

        Raises:
            DoodError: the file cannot be read, or holds something else.
        """
        from dood.drawing.formats.json_format import load_json

        return load_json(path)


def bernstein(count: int, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bernstein basis of degree count - 1 at parameters u [n] in [0, 1]: [n, count], rows add up to 1."""
    at = u[:, None]
    i = np.arange(count)
    combinations = np.array([float(math.comb(count - 1, k)) for k in range(count)])
    return combinations * at**i * (1 - at) ** (count - 1 - i)


def _checked_points(values: Any) -> NDArray[np.float64]:
    points = _floats(values, "control points")
    if points.ndim != 2 or points.shape[1] != 2 or not 1 <= len(points) <= MAX_CONTROLS:
        raise DoodError(f"control points have shape {points.shape}: give [p, 2] with p from 1 to {MAX_CONTROLS}")
    for i in np.flatnonzero(~(np.abs(points) <= MAX_COORDINATE).all(1))[:1]:
        x, y = points[i].tolist()
        raise DoodError(f"control point {i} is ({x}, {y}): give finite numbers of at most {MAX_COORDINATE} pixels")
    return points


def _checked_widths(values: Any) -> NDArray[np.float64]:
    widths = _floats(values, "pen widths")
    widths = widths.reshape(1) if widths.ndim == 0 else widths
    if widths.ndim != 1 or not 1 <= len(widths) <= MAX_CONTROLS:
        raise DoodError(f"pen widths have shape {widths.shape}: give [k] with k from 1 to {MAX_CONTROLS}")
    for i in np.flatnonzero(~((widths > 0) & (widths <= MAX_SIZE)))[:1]:
        raise DoodError(f"pen width {i} is {widths[i].item()}: give more than 0, at most {MAX_SIZE} pixels")
    return widths


def _floats(values: Any, name: str) -> NDArray[np.float64]:
    try:
        array = np.array(values, np.float64)
    except (TypeError, ValueError) as error:
        raise DoodError(f"{name} {values!r:.80} are no array of numbers") from error
    array.setflags(write=False)
    return array


def _checked_size(name: str, value: Any) -> int:
    try:
        size = operator.index(value)
    except TypeError:
        size = 0
    if isinstance(value, bool) or not 1 <= size <= MAX_SIZE:
        raise DoodError(f"{name} of the drawing is {value!r:.80}: give a whole number from 1 to {MAX_SIZE}")
    return size


def _checked_strokes(values: Iterable[Any]) -> tuple[Stroke, ...]:
    strokes = tuple(values)
    for i, stroke in enumerate(strokes):
        if not isinstance(stroke, Stroke):
            raise DoodError(f"stroke {i} of the drawing is {stroke!r:.80}: give a Stroke")
    return strokes
