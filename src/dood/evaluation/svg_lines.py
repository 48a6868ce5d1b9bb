"""The strokes that an SVG of any program draws, as polylines."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from dood.errors import DoodError

__all__ = ["svg_lines"]

Line = NDArray[np.float64]

UNSEEN = ("defs", "clipPath", "mask", "symbol", "pattern", "marker")
MOST_SAMPLES = 1000


def svg_lines(text: str, size: tuple[int, int]) -> tuple[list[Line], list[float]]:
    """Polylines [n, 2] and pen widths of what an SVG draws, in document order, in pixels of a picture of `size`.

    A path is a stroke for each time the pen is set down; line, polyline and polygon are one each. Groups' transforms
    and the viewBox are taken into account, which is laid on the picture. Widths are those of `stroke-width`, 1 where
    there is none. Curves are sampled at every pixel or so.

    Raises:
        DoodError: it is no SVG, or svgpathtools is not installed.
    """
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise DoodError(f"no SVG: {error}") from error
    lines, widths = [], []
    try:
        for points, width in _drawn(root, _view(root, size), 1.0):
            lines.append(points)
            widths.append(width)
    except (ValueError, IndexError, AttributeError, AssertionError) as error:
        raise DoodError(f"no SVG that can be read: {error}") from error
    return lines, widths


def _view(root: ElementTree.Element, size: tuple[int, int]) -> Line:
    """[3, 3], from the coordinates of the document to the picture's pixels: the viewBox fits the picture, centred."""
    if not (box := root.get("viewBox")):
        return np.eye(3)
    left, top, width, height = map(float, box.replace(",", " ").split())
    scale = min(size[0] / width, size[1] / height)
    x, y = (size[0] - scale * width) / 2 - scale * left, (size[1] - scale * height) / 2 - scale * top
    return np.array([[scale, 0, x], [0, scale, y], [0, 0, 1]])


def _drawn(element: ElementTree.Element, outer: Line, outer_width: float) -> Iterator[tuple[Line, float]]:
    """Lines and widths of an element and of those inside it."""
    name = str(element.tag).rsplit("}", 1)[-1]
    style = dict(part.split(":", 1) for part in element.get("style", "").replace(" ", "").split(";") if ":" in part)
    if name in UNSEEN or style.get("display", element.get("display")) == "none":
        return
    parse_path, parse_transform = _parsers()
    frame = outer @ np.asarray(parse_transform(element.get("transform", "")))
    width = float((style.get("stroke-width") or element.get("stroke-width", str(outer_width))).removesuffix("px"))
    zoom = math.sqrt(abs(np.linalg.det(frame[:2, :2])))
    for way in _ways(name, element, parse_path, zoom):
        yield way @ frame[:2, :2].T + frame[:2, 2], width * zoom
    for child in element:
        yield from _drawn(child, frame, width)


def _parsers() -> tuple[Any, Any]:
    try:
        from svgpathtools import parse_path
        from svgpathtools.parser import parse_transform
    except ImportError as error:
        raise DoodError("reading SVG needs svgpathtools: pip install 'dood[eval]'") from error
    return parse_path, parse_transform


def _ways(name: str, element: ElementTree.Element, parse_path: Any, zoom: float) -> list[Line]:
    """Polylines of one element, in its own coordinates."""
    if name == "path":
        return _sampled(parse_path(element.get("d", "")), zoom)
    if name == "line":
        return [np.array([[float(element.get(f"{axis}{end}", 0)) for axis in "xy"] for end in (1, 2)])]
    if name in ("polyline", "polygon"):
        points = np.array(element.get("points", "").replace(",", " ").split(), float).reshape(-1, 2)
        return [np.concatenate([points, points[:1]]) if name == "polygon" else points] if len(points) else []
    return []


def _sampled(segments: Any, zoom: float) -> list[Line]:
    """A polyline for each part of a path between lifts of the pen."""
    ways: list[list[complex]] = []
    pen = None
    for segment in segments:
        bends = segment.bpoints() if hasattr(segment, "bpoints") else ()  # an arc has none
        reach = sum(abs(b - a) for a, b in pairwise(bends)) if bends else segment.length()
        count = 2 if len(bends) == 2 else min(8 + math.ceil(zoom * reach), MOST_SAMPLES)
        points = [segment.point(u) for u in np.linspace(0, 1, count)]
        if pen == segment.start:
            ways[-1] += points[1:]
        else:
            ways.append(points)
        pen = segment.end
    return [np.stack([np.real(way), np.imag(way)], 1) for way in ways]
