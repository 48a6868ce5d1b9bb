"""Stroke and Drawing: the symbolic result. Needs numpy; each file format loads what it needs when it is used."""

import math
import operator
import re
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

__all__ = ["MAX_CONTROLS", "MAX_COORDINATE", "MAX_PIECES", "MAX_SIZE", "MAX_STROKES", "Drawing", "Stroke", "bernstein"]

MAX_CONTROLS = 256
"""Most control points or control widths of a piece."""

MAX_PIECES = 100_000
"""Most pieces of a stroke."""

MAX_STROKES = 250_000
"""Most strokes of a drawing. So many dots are read in about 5 seconds and 250 MB."""

MAX_COORDINATE = 10_000_000
"""Control points lie within this many pixels of the origin along each axis."""

MAX_SIZE = 1_000_000
"""Pixels: the longest side of a drawing, and the widest pen."""

COLOUR = re.compile("#[0-9a-fA-F]{6}")
CORNER = math.cos(math.radians(15))
LENGTH_SAMPLES = 1025
MAX_SAMPLES = 16_384


@dataclass(frozen=True, eq=False)
class Stroke:
    """One path of the pen: Bezier pieces of one degree, end to end.

    Piece i has the control points `points[i * degree : (i + 1) * degree + 1]`, so neighbours share one. What
    `dood draw` traces has cubic pieces; a stroke of the models is one piece of degree 4; a single point is a dot.

    The frame is the user's picture in pixels: x right, y down, centre of pixel (column j, row i) at (j + 0.5, i + 0.5).
    Arrays are given as arrays or lists, copied, and read-only. Strokes are equal if their values are.

    >>> Stroke([[0, 0], [10, 0], [20, 10], [20, 20]], 2.0).degree
    3

    Attributes:
        points: float64 [pieces * degree + 1, 2], control points, in drawing direction.
        widths: float64 [pieces * k + 1], control values of the pen's full width in pixels at half ink, in Bezier pieces
            of degree k over the same parameter; one value, which may be given as a plain number, is a constant pen.
        pieces: how many there are.
        closed: whether the stroke ends where it began.
        colour: of the pen, as "#rrggbb"; None where it is not known.
        fill: whether the stroke is the outline of a filled area.

    Raises:
        DoodError: a shape does not fit, or a value is not finite, out of range or (widths) not positive.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    pieces: int = 1
    closed: bool = False
    colour: str | None = None
    fill: bool = False

    def __init__(
        self,
        points: Any,
        widths: Any,
        *,
        pieces: int = 1,
        closed: bool = False,
        colour: str | None = None,
        fill: bool = False,
    ) -> None:
        object.__setattr__(self, "points", _checked_points(points))
        object.__setattr__(self, "widths", _checked_widths(widths))
        object.__setattr__(self, "pieces", _checked_pieces(pieces, len(self.points), len(self.widths)))
        object.__setattr__(self, "closed", _checked_closed(closed, self.points))
        object.__setattr__(self, "colour", _checked_colour(colour))
        object.__setattr__(self, "fill", bool(fill))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stroke):
            return NotImplemented
        return self._plain() == other._plain() and np.array_equal(self.points, other.points)

    def __hash__(self) -> int:
        # Adding zero makes -0.0, which equals 0.0, the same bytes.
        return hash((self._plain(), self.points.shape, (self.points + 0.0).tobytes()))

    def __repr__(self) -> str:
        shape = "dot" if len(self.points) == 1 else f"{self.pieces} pieces of degree {self.degree}"
        extra = [
            word for word, said in (("closed", self.closed), ("fill", self.fill), (self.colour, self.colour)) if said
        ]
        start = ", ".join(f"{value:.1f}" for value in self.points[0])
        return f"<Stroke: {', '.join([shape, *map(str, extra)])}, width {self.width:.2g}, from ({start})>"

    def _plain(self) -> tuple[object, ...]:
        return self.widths.tobytes(), self.pieces, self.closed, self.colour, self.fill

    @property
    def degree(self) -> int:
        """Of each piece; 0 for a dot."""
        return (len(self.points) - 1) // self.pieces

    @property
    def controls(self) -> NDArray[np.float64]:
        """[pieces, degree + 1, 2], the control points of each piece."""
        return self.points[self.degree * np.arange(self.pieces)[:, None] + np.arange(self.degree + 1)]

    @property
    def width(self) -> float:
        """Mean width of the pen over the curve's parameter, in pixels."""
        return float(self.widths[0] if len(self.widths) == 1 else np.mean(self.width_controls))

    @property
    def width_controls(self) -> NDArray[np.float64]:
        """[pieces, k + 1], the control widths of each piece."""
        degree = (len(self.widths) - 1) // self.pieces
        if degree == 0:
            return self.widths[:1].repeat(self.pieces)[:, None]
        return self.widths[degree * np.arange(self.pieces)[:, None] + np.arange(degree + 1)]

    @property
    def corners(self) -> NDArray[np.bool_]:
        """[pieces + 1], where the pen turned by more than 15 degrees between two pieces; ends are corners only where a
        closed stroke has one."""
        leave, arrive = (_ways(controls) for controls in (self.controls, self.controls[:, ::-1]))
        turned = (leave[1:] * -arrive[:-1]).sum(-1) < CORNER
        seam = self.closed and bool((leave[0] * -arrive[-1]).sum() < CORNER)
        return np.array([seam, *turned.tolist(), seam]) if self.degree else np.zeros(2, bool)

    @cached_property
    def length(self) -> float:
        """Length of the curve in pixels, by 1024 chords, or 64 a piece if that is more."""
        count = max(LENGTH_SAMPLES, 64 * self.pieces + 1)
        return float(np.hypot(*np.diff(self.curve(count), axis=0).T).sum())

    def curve(self, n: int) -> NDArray[np.float64]:
        """[n, 2], the curve at n evenly spaced parameters, ends included; n of 1 is the start."""
        return self.at(np.linspace(0, 1, n))

    def width_at(self, n: int) -> NDArray[np.float64]:
        """[n], the pen's width at the samples of `curve`."""
        return _along(self.width_controls[..., None], np.linspace(0, 1, n))[:, 0]

    def at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """[n, 2], the curve at parameters u [n] in [0, 1], of which every piece has an equal share."""
        return _along(self.controls, u)

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
        missed: share of the picture's ink that no stroke covers; None where that was not measured.
        spurious: share of the strokes' length where there is no ink; None where that was not measured.
        notes: what a person should know of how the picture was read.

    Raises:
        DoodError: a size is no whole number from 1 to 1,000,000, there are more than 250,000 strokes or something else
            among them, or a share is not between 0 and 1.
    """

    width: int
    height: int
    strokes: tuple[Stroke, ...] = ()
    missed: float | None = None
    spurious: float | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", _checked_size("width", self.width))
        object.__setattr__(self, "height", _checked_size("height", self.height))
        object.__setattr__(self, "strokes", _checked_strokes(self.strokes))
        object.__setattr__(self, "missed", _checked_share("missed", self.missed))
        object.__setattr__(self, "spurious", _checked_share("spurious", self.spurious))
        object.__setattr__(self, "notes", tuple(map(str, self.notes)))

    def __repr__(self) -> str:
        count = len(self.strokes)
        return f"<Drawing: {count} stroke{'s' if count != 1 else ''}, {self.width} x {self.height} pixels>"

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def _repr_html_(self) -> str:
        """What a notebook shows: the drawing, drawn stroke by stroke."""
        return f'<div style="max-width:{min(self.width, 480)}px;background:#fff">{self.to_svg(animated=True)}</div>'

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


def _along(controls: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """[n, d], Bezier pieces with controls [pieces, p, d] at parameters u [n] in [0, 1] of all of them together."""
    at = np.asarray(u, np.float64) * len(controls)
    piece = np.clip(np.floor(at).astype(int), 0, len(controls) - 1)
    basis = bernstein(controls.shape[1], at - piece)
    if len(controls) == 1:
        return basis @ controls[0]
    return np.einsum("np,npd->nd", basis, controls[piece])


def _ways(controls: NDArray[np.float64]) -> NDArray[np.float64]:
    """[pieces, 2], unit vectors from the first control point of each piece to the next that lies elsewhere."""
    steps = controls[:, 1:] - controls[:, :1]
    apart = np.hypot(steps[..., 0], steps[..., 1]) > 1e-9
    first = np.where(apart.any(1), apart.argmax(1), 0) if steps.shape[1] else np.zeros(len(controls), int)
    chosen = steps[np.arange(len(controls)), first] if steps.shape[1] else np.zeros((len(controls), 2))
    return chosen / np.maximum(np.hypot(*chosen.T), 1e-12)[:, None]


def _checked_points(values: Any) -> NDArray[np.float64]:
    points = _floats(values, "control points")
    if points.ndim != 2 or points.shape[1] != 2 or not 1 <= len(points) <= MAX_CONTROLS * MAX_PIECES:
        raise DoodError(f"control points have shape {points.shape}: give [p, 2] with p of at least 1")
    fits = np.abs(points) <= MAX_COORDINATE
    if not fits.all():
        i = int(fits.all(1).argmin())
        x, y = points[i].tolist()
        raise DoodError(f"control point {i} is ({x}, {y}): give finite numbers of at most {MAX_COORDINATE} pixels")
    return points


def _checked_widths(values: Any) -> NDArray[np.float64]:
    widths = _floats(values, "pen widths")
    widths = widths.reshape(1) if widths.ndim == 0 else widths
    if widths.ndim != 1 or not 1 <= len(widths) <= MAX_CONTROLS * MAX_PIECES:
        raise DoodError(f"pen widths have shape {widths.shape}: give [k] with k of at least 1")
    fits = (widths > 0) & (widths <= MAX_SIZE)
    if not fits.all():
        i = int(fits.argmin())
        raise DoodError(f"pen width {i} is {widths[i].item()}: give more than 0, at most {MAX_SIZE} pixels")
    return widths


def _checked_pieces(value: Any, points: int, widths: int) -> int:
    pieces = _whole(value)
    if not 1 <= pieces <= MAX_PIECES:
        raise DoodError(f"pieces of a stroke are {value!r:.80}: give a whole number from 1 to {MAX_PIECES}")
    for name, count in (("control points", points), ("pen widths", widths)):
        degree, left = divmod(count - 1, pieces)
        if left or (degree == 0 and pieces > 1 and name == "control points"):
            raise DoodError(f"{count} {name} do not make {pieces} pieces: give a multiple of {pieces}, and one more")
        if degree >= MAX_CONTROLS:
            raise DoodError(f"{count} {name} for {pieces} pieces: give at most {MAX_CONTROLS} a piece")
    return pieces


def _checked_closed(value: Any, points: NDArray[np.float64]) -> bool:
    if value and (len(points) < 3 or not np.array_equal(points[0], points[-1])):
        raise DoodError("a closed stroke must end at its first control point: repeat it, or leave closed out")
    return bool(value)


def _checked_colour(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not COLOUR.fullmatch(value):
        raise DoodError(f"colour {value!r:.40} is unknown: give #rrggbb, such as #1a1c21")
    return value.lower()


def _checked_share(name: str, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise DoodError(f"{name} of the drawing is {value!r:.40}: give a share from 0 to 1")
    return float(value)


def _floats(values: Any, name: str) -> NDArray[np.float64]:
    try:
        array = np.array(values, np.float64)
    except (TypeError, ValueError) as error:
        raise DoodError(f"{name} {values!r:.80} are no array of numbers") from error
    array.setflags(write=False)
    return array


def _checked_size(name: str, value: Any) -> int:
    size = _whole(value)
    if not 1 <= size <= MAX_SIZE:
        raise DoodError(f"{name} of the drawing is {value!r:.80}: give a whole number from 1 to {MAX_SIZE}")
    return size


def _whole(value: Any) -> int:
    """The value as a whole number; 0 where it is none."""
    try:
        return 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return 0


def _checked_strokes(values: Iterable[Any]) -> tuple[Stroke, ...]:
    strokes = tuple(values)
    if len(strokes) > MAX_STROKES:
        raise DoodError(f"the drawing has {len(strokes)} strokes: give at most {MAX_STROKES}")
    for i, stroke in enumerate(strokes):
        if not isinstance(stroke, Stroke):
            raise DoodError(f"stroke {i} of the drawing is {stroke!r:.80}: give a Stroke")
    return strokes
