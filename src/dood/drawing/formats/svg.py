"""SVG: one path per stroke; and the same, drawn before the viewer's eyes."""

import math
from collections.abc import Sequence
from typing import BinaryIO
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from dood.drawing import Drawing, Stroke
from dood.drawing.formats.cubic import to_cubics
from dood.drawing.formats.timing import HOLD, timing
from dood.errors import DoodError

__all__ = ["BY", "TOLERANCE", "to_animated_svg", "to_svg", "write_animated_svg", "write_svg"]

TOLERANCE = 0.01
"""Pixels of the picture that a path in the file may lie off the curve."""

LEAST_TOLERANCE = 1e-6

BY = "strokes by dood"
"""What says of a file that it was written here."""

LEAD = 0.2
"""Seconds of empty paper before an animation starts again."""

_PEN = {"fill": "none", "stroke": "#000", "stroke-linecap": "round", "stroke-linejoin": "round"}


def to_svg(drawing: Drawing, tolerance: float = TOLERANCE) -> str:
    """SVG text: a path `stroke-1`, `stroke-2`, ... per stroke, in order, without groups or transforms.

    Coordinates are pixels of the picture. Cubic pieces are written as they are; those of higher degree are split until
    they, and the rounding of their numbers, stay within `tolerance` pixels. The pen has the stroke's mean width, since
    SVG knows no other, and its colour. The outline of a filled area has the class `fill`.

    Raises:
        DoodError: tolerance below 1e-6 or not finite.
    """
    root, _ = _document(drawing, tolerance)
    return _text(root)


def to_animated_svg(drawing: Drawing, tolerance: float = TOLERANCE) -> str:
    """As `to_svg`, with the strokes drawn in turn, the time by their length, then a pause, over and over.

    The animation is SMIL, which runs in browsers without scripts, in `<img>` too, and keeps to itself where several
    drawings share a page. What does not know it shows the whole drawing.
    """
    root, paths = _document(drawing, tolerance)
    times = timing(drawing)
    cycle = LEAD + times.seconds + HOLD
    for stroke, path, start, end in zip(drawing.strokes, paths, times.starts, times.ends, strict=True):
        begin, finish = (_number((LEAD + float(moment)) / cycle, 5) for moment in (start, end))
        # Hidden until its turn: the round cap would show a dot.
        _animate(path, cycle, "visibility", "hidden;visible", f"0;{begin}", calcMode="discrete")
        if stroke.length > 0:
            path.set("pathLength", "1")
            # Set here, so that what knows neither animation nor pathLength draws no dashes. The gap outlasts the path.
            ElementTree.SubElement(path, "set", {"attributeName": "stroke-dasharray", "to": "1 2"})
            _animate(path, cycle, "stroke-dashoffset", "1;1;0;0", f"0;{begin};{finish};1")
    return _text(root)


def write_svg(drawing: Drawing, file: BinaryIO) -> None:
    """Write `to_svg` as UTF-8."""
    file.write(to_svg(drawing).encode())


def write_animated_svg(drawing: Drawing, file: BinaryIO) -> None:
    """Write `to_animated_svg` as UTF-8."""
    file.write(to_animated_svg(drawing).encode())


def _document(drawing: Drawing, tolerance: float) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    """The svg element and the path of every stroke in it."""
    if not LEAST_TOLERANCE <= tolerance < math.inf:
        raise DoodError(f"tolerance {tolerance} is out of range: give at least {LEAST_TOLERANCE} pixels")
    width, height = str(drawing.width), str(drawing.height)
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height}
    root = ElementTree.Element("svg", attributes | {"viewBox": f"0 0 {width} {height}"})
    count = len(drawing.strokes)
    ElementTree.SubElement(root, "title").text = f"{count} stroke{'s' if count != 1 else ''}"
    ElementTree.SubElement(root, "desc").text = BY
    paths = []
    for i, stroke in enumerate(drawing.strokes, 1):
        own = {
            "id": f"stroke-{i}",
            "d": _path_data(stroke, tolerance),
            "stroke-width": _number(stroke.width, 3, least=True),
        }
        pen = _PEN | {"stroke": stroke.colour or "#000"}
        kind = {"class": "fill"} if stroke.fill else {}
        paths.append(ElementTree.SubElement(root, "path", own | pen | kind))
    return root, paths


def _path_data(stroke: Stroke, tolerance: float) -> str:
    """A tenth of the tolerance is left to the rounding, which moves no curve further than its control points."""
    digits = max(3, 1 - math.floor(math.log10(tolerance)))
    start = _pair(stroke.points[0], digits)
    if (stroke.points == stroke.points[0]).all():
        return f"M{start} L{start}"
    end = ["Z"] if stroke.closed else []
    if stroke.degree == 1:
        return " ".join([f"M{start}", *(f"L{_pair(point, digits)}" for point in stroke.points[1:]), *end])
    pieces = to_cubics(stroke.controls, 0.9 * tolerance)
    curves = ("C" + " ".join(_pair(point, digits) for point in piece[1:]) for piece in pieces.tolist())
    return " ".join([f"M{start}", *curves, *end])


def _pair(point: Sequence[float] | NDArray[np.float64], digits: int) -> str:
    return ",".join(_number(float(value), digits) for value in point)


def _number(value: float, digits: int, least: bool = False) -> str:
    """Decimal text without an exponent and idle zeros; `least` keeps small values above zero."""
    text = f"{max(value, 10.0**-digits) if least else value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _animate(path: ElementTree.Element, cycle: float, name: str, values: str, times: str, **more: str) -> None:
    attributes = {"attributeName": name, "values": values, "keyTimes": times} | more
    ElementTree.SubElement(path, "animate", attributes | {"dur": f"{_number(cycle, 3)}s", "repeatCount": "indefinite"})


def _text(root: ElementTree.Element) -> str:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"
